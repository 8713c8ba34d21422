// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/build"
	"go/build/constraint"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ceiling is the first release of Go with which no code that relies on the internals of the runtime has
// been tested. Such code is not built with it, nor with later ones. They use the fallbacks, which are slower
// but correct, while a change in a release could make the code wrong.
//
// To raise it, when TestCeiling fails: put the next release into the build constraints of the files
// below and of their fallbacks, and here; check in the runtime's source whether the comments of those
// files are still true; run .ci/run with that release, and name it in docs/go-versions.md.
const ceiling = "go1.28"

// reliesOnRuntime are the files that may use another package's unexported names, and the others
// that rely on the internals of the runtime. Each gives the reason in its first comment; this list
// grows only with a good reason.
var reliesOnRuntime = []struct {
	files       string
	fallBack    string // the file that is built instead of these, with the rest of its name
	withoutLink bool
}{
	// releases the processor before a futex wait
	{files: "internal/handon/handon.go", fallBack: "internal/handon/handon_off.go"},
	// checks whether a goroutine waits for this processor
	{files: "internal/spin/crowded.go", fallBack: "internal/spin/crowded_off.go"},
	// the call into C that purego links to, with fewer arguments
	{files: "pthread/call_asm.go", fallBack: "pthread/call_purego.go"},
	{files: "pthread/call_*.s", fallBack: "pthread/call_purego.go", withoutLink: true},
	// reads the number of a goroutine
	{files: "internal/goid/readable.go", fallBack: "internal/goid/readable_off.go", withoutLink: true},
}

// unavoidable are the files that have links and no ceiling: the call paths into libSystem and into OpenBSD's libc, and
// that of the tests of tools/macho. Without cgo there is no other path, and golang.org/x/sys/unix has the same links.
// Without them no Go program that imports it for macOS or OpenBSD could be linked. So a ceiling would only make certain
// the failure that it is meant to prevent.
var unavoidable = []string{"sys/darwin/*.go", "sys/openbsd/call.go", "tools/macho/selftest/call.go"}

// fits reports whether a pattern of the lists above matches the file of that name.
func fits(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok
}

func TestLinknames(t *testing.T) {
	directive := "//go:" + "linkname"
	for _, f := range files(t, ".go") {
		unavoidable := slices.ContainsFunc(unavoidable, func(pattern string) bool { return fits(pattern, f.path) })
		if unavoidable || !strings.Contains(f.text, "\n"+directive) {
			continue
		}
		known := false
		for _, r := range reliesOnRuntime {
			known = known || !r.withoutLink && fits(r.files, f.path)
		}
		if !known {
			t.Errorf("%s has a %s directive: linkname is a debt, taken in sys/darwin, sys/openbsd and %+v only", f.path, directive, reliesOnRuntime)
		}
	}
}

// TestCeilings checks which files are built with each release of Go.
func TestCeilings(t *testing.T) {
	found := map[string]int{}
	for _, f := range files(t, ".go", ".s") {
		for _, r := range reliesOnRuntime {
			switch {
			case fits(r.files, f.path):
				found[r.files]++
				checkBuilt(t, f, true, false)
			case r.fallBack == f.path:
				found[r.fallBack]++
				checkBuilt(t, f, false, true)
			}
		}
	}
	for _, r := range reliesOnRuntime {
		if found[r.files] == 0 || found[r.fallBack] == 0 {
			t.Errorf("%s or %s is not there", r.files, r.fallBack)
		}
	}
}

// checkBuilt checks whether f is built with releases before the ceiling, and with the ceiling,
// on systems and processors where both are possible.
func checkBuilt(t *testing.T, f file, before, with bool) {
	t.Helper()
	var line string
	for l := range strings.Lines(f.text) {
		if constraint.IsGoBuild(l) {
			line = strings.TrimSpace(l)
		}
	}
	expr, err := constraint.Parse(line)
	if err != nil {
		t.Errorf("%s: %q: %v", f.path, line, err)
		return
	}
	for release, want := range map[int]bool{minor(ceiling) - 1: before, minor(ceiling): with, minor(ceiling) + 1: with} {
		for _, system := range []string{"linux", "darwin"} {
			built := expr.Eval(func(tag string) bool {
				if strings.HasPrefix(tag, "go1.") {
					return release >= minor(tag)
				}
				return tag == system || tag == "amd64"
			})
			if built != want && !(system == "darwin" && strings.HasPrefix(f.path, "internal/handon/")) {
				t.Errorf("%s, with //go:build %s: built with Go 1.%d on %s: %t, want %t", f.path, expr, release, system, built, want)
			}
		}
	}
}

// minor returns 28 for "go1.28".
func minor(release string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(release, "go1."))
	if err != nil {
		panic(err)
	}
	return n
}

// TestCeiling fails when a new release is due.
func TestCeiling(t *testing.T) {
	if !slices.Contains(build.Default.ReleaseTags, ceiling) {
		return
	}
	const what = "%s is newer than the releases that osync was tested with, and so does without what it relies on in " +
		"the runtime: to raise the ceiling, %s, see the comment there"
	if strings.HasPrefix(runtime.Version(), "devel") {
		t.Skipf(what, runtime.Version(), ceiling)
	}
	t.Errorf(what, runtime.Version(), ceiling)
}
