// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// goSyncFiles are those files of Go's package sync that test things that package locks also has,
// with the declarations that are left out, and the reasons.
var goSyncFiles = map[string]map[string]string{
	"cond_test.go":      {},
	"example_test.go":   {},
	"once_test.go":      {},
	"oncefunc_test.go":  {},
	"rwmutex_test.go":   {},
	"waitgroup_test.go": {},
	"mutex_test.go": {
		"HammerSemaphore":               insides,
		"TestSemaphore":                 insides,
		"BenchmarkUncontendedSemaphore": insides,
		"BenchmarkContendedSemaphore":   insides,
	},
}

const insides = "calls the runtime's semaphore, which package sync does not export"

// goSyncSkipped are the other files, and the reasons why they are not used.
var goSyncSkipped = map[string]string{
	"example_pool_test.go":  "Pool is sync's own, under another name",
	"export_test.go":        "opens sync's insides",
	"map_bench_test.go":     "Map is sync's own, under another name",
	"map_reference_test.go": "Map is sync's own, under another name",
	"map_test.go":           "Map is sync's own, under another name",
	"pool_test.go":          "Pool is sync's own, under another name",
	"runtime_sema_test.go":  insides,
}

// goSyncEdits adapt the tests where osync's contract differs. Each text must occur exactly once
// in its file, so that a new Go release is noticed.
var goSyncEdits = []struct{ file, old, new, why string }{
	{
		"oncefunc_test.go", "//go:linkname runtime_blockUntilEmptyCleanupQueue\n",
		"//go:linkname runtime_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue\n",
		"the runtime lends this function to tests of package sync, by their package's name",
	},
	{
		"mutex_test.go", "defer func() { recover() }()", "",
		"sync ends the program on misuse; locks panics, which the program may recover from",
	},
	{
		"cond_test.go", `err.(string) != "sync.Cond is copied"`, `err.(string) != "locks: Cond is copied"`,
		"messages start with the package that they come from",
	},
	{
		"cond_test.go", `"got %v, expect sync.Cond is copied"`, `"got %v, expect locks: Cond is copied"`,
		"messages start with the package that they come from",
	},
	{
		"waitgroup_test.go", `"sync: negative WaitGroup counter"`, `"locks: negative WaitGroup counter"`,
		"messages start with the package that they come from",
	},
}

// testenv replaces the package internal/testenv, which only Go's own tests can import.
const testenv = `package testenv

import (
	"os"
	"testing"
)

func MustHaveExec(t testing.TB) {}

func Executable(t testing.TB) string {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
`

// TestGoSync runs the tests of Go's own package sync, from the Go release in use, over
// package locks, and over explore/sync outside of an exploration. OSYNC_GOSYNC_PACKAGE=sync runs them over sync
// itself, which proves that the edits of the tests are harmless.
func TestGoSync(t *testing.T) {
	targets := []string{module + "/locks", module + "/explore/sync"}
	if target := os.Getenv("OSYNC_GOSYNC_PACKAGE"); target != "" {
		targets = []string{target}
	}
	for _, target := range targets {
		t.Run(path.Base(target), func(t *testing.T) { testGoSync(t, target) })
	}
}

func testGoSync(t *testing.T, target string) {
	switch runtime.GOOS {
	case "android", "ios", "js", "wasip1":
		t.Skipf("no go command on %s", runtime.GOOS)
	}
	goroot, _ := goTool(t, nil, "env", "GOROOT")
	source := filepath.Join(strings.TrimSpace(goroot), "src", "sync")
	if _, err := os.Stat(filepath.Join(source, "mutex_test.go")); err != nil {
		t.Skipf("this Go installation has no tests of package sync: %v", err)
	}

	// An overlay puts the files into a folder below the checkout, so that go.mod and
	// internal packages are found. Nothing is written there.
	const folder = "internal/checks/gosync"
	overlaid := map[string]string{folder + "/testenv/testenv.go": testenv}
	names, err := filepath.Glob(filepath.Join(source, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		base := filepath.Base(name)
		leaveOut, taken := goSyncFiles[base]
		if reason, skipped := goSyncSkipped[base]; skipped {
			t.Logf("left out: %s: %s", base, reason)
			continue
		}
		if !taken {
			t.Errorf("package sync has a new file of tests, %s: take it, or say why not", base)
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		overlaid[folder+"/sync/"+base] = adaptGoSync(t, base, string(text), leaveOut, target)
	}
	for name := range goSyncFiles {
		if overlaid[folder+"/sync/"+name] == "" {
			t.Errorf("package sync has no file %s any more", name)
		}
	}

	dir := t.TempDir()
	bin := filepath.Join(dir, "sync.test.exe")
	// -checklinkname=0: one test reaches into the runtime, to wait for a collection.
	args := []string{"test", "-c", "-vet=off", "-ldflags=-checklinkname=0", "-o", bin, overlay(t, overlaid)}
	if raceDetector() {
		args = append(args, "-race")
	}
	goTool(t, nil, append(args, "./"+folder+"/sync")...)

	args = []string{"-test.v", "-test.timeout=5m"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	cmd := exec.Command(bin, args...)
	cmd.Dir = source // an example reads a file there
	start := time.Now()
	out, err := cmd.CombinedOutput()
	t.Logf("Go's tests of package sync over %s, %v:\n%s", target, time.Since(start).Round(time.Millisecond), results(out))
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if passed := bytes.Count(out, []byte("\n--- PASS: Test")); passed < 25 {
		t.Errorf("only %d tests have passed, want at least 25", passed)
	}
}

// results returns the lines of a test's output that report the result of each test.
func results(out []byte) string {
	var lines []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "PASS") || strings.HasPrefix(line, "FAIL") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// adaptGoSync returns the text of a test file of package sync, adapted to test target.
func adaptGoSync(t *testing.T, name, text string, leaveOut map[string]string, target string) string {
	t.Helper()
	for _, edit := range goSyncEdits {
		expectsLocks := strings.Contains(edit.new, "locks")
		if edit.file == name && (path.Base(target) != "sync" || !expectsLocks) {
			if n := strings.Count(text, edit.old); n != 1 {
				t.Errorf("%s has %q %d times, want once: has the test changed?", name, edit.old, n)
			}
			t.Logf("changed: %s: %s", name, edit.why)
			text = strings.Replace(text, edit.old, edit.new, 1)
		}
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(leaveOut)
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			return false
		}
		reason, ok := left[fn.Name.Name]
		if ok {
			t.Logf("left out: %s: %s: %s", name, fn.Name.Name, reason)
			delete(left, fn.Name.Name)
		}
		return ok
	})
	for fn := range left {
		t.Errorf("%s has no %s any more", name, fn)
	}
	replacement := map[string]string{
		"sync":             target,
		"internal/testenv": path.Join(module, "internal/checks/gosync/testenv"),
	}
	for _, spec := range f.Imports {
		old, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if repl := replacement[old]; repl != "" {
			spec.Path.Value = strconv.Quote(repl)
			if spec.Name == nil {
				spec.Name = ast.NewIdent(path.Base(old))
			}
		}
	}
	var out bytes.Buffer
	if err := format.Node(&out, fset, f); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
