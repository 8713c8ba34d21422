// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"path"
	"strings"
	"testing"
)

// goos are the systems whose imports are compared; each has its own files under sys.
var goos = []string{"linux", "darwin", "windows", "freebsd"}

// forbidden lists who must not import whom. Data flows one way: locks, locks/park,
// sys/futex, sys/<os>; and pthread stands apart from all of it. In a pattern "..."
// stands for the package and everything below it. "directly" looks at import
// declarations only, otherwise the imports of imports count too.
var forbidden = []struct {
	from     string
	to       []string
	but      []string
	directly bool
	why      string
}{
	{
		from: "...", but: []string{"pthread...", "examples..."}, to: []string{"github.com/ebitengine/purego..."},
		why: "purego makes even a CGO_ENABLED=0 program dynamically linked on Linux",
	},
	{
		from: "examples/doctor", to: []string{"github.com/ebitengine/purego...", "pthread..."},
		why: "the doctor is static; that of pthread is a program of its own",
	},
	{
		from: "...", but: []string{"examples...", "internal..."}, to: []string{"examples...", "internal/locktest...", "internal/checks..."},
		why: "examples and test suites stand above the library",
	},
	{
		from: "sys/linux...", to: []string{"sys/darwin...", "sys/windows...", "sys/futex..."},
		why: "sys/<os> is one system, one to one, and imports nothing of the module but internal/",
	},
	{
		from: "sys/darwin...", to: []string{"sys/linux...", "sys/windows...", "sys/futex..."},
		why: "sys/<os> is one system, one to one, and imports nothing of the module but internal/",
	},
	{
		from: "sys/windows...", to: []string{"sys/linux...", "sys/darwin...", "sys/futex..."},
		why: "sys/<os> is one system, one to one, and imports nothing of the module but internal/",
	},
	{
		from: "sys...", to: []string{"locks...", "pthread..."},
		why: "sys holds no queue and no lock; nothing points upward",
	},
	{
		from: "locks/park", to: []string{"locks", "locks/native...", "locks/shared...", "locks/thread..."},
		why: "park holds no lock algorithm; nothing points upward",
	},
	{
		from: "locks/thread", to: []string{"locks", "locks/native...", "locks/shared..."},
		why: "threads as values stand below the locks",
	},
	{
		from: "locks", to: []string{"locks/native...", "locks/shared..."},
		why: "the portable locks do not rest on those of one system",
	},
	{
		from: "locks", to: []string{"syscall", "os", "golang.org/x/sys...", "sys..."}, directly: true,
		why: "locks is algorithms only; locks/park and sys/futex make the calls",
	},
	{
		from: "locks/park", to: []string{"syscall", "golang.org/x/sys...", "sys/linux...", "sys/darwin...", "sys/windows..."}, directly: true,
		why: "park sleeps through sys/futex; what differs between systems ends there",
	},
	{
		from: "locks...", to: []string{"pthread..."},
		why: "pthread is a leaf: it needs a dynamic libc",
	},
	{
		from: "pthread...", to: []string{"locks...", "sys..."},
		why: "pthread is a leaf of its own",
	},
	{
		from: "internal...", but: []string{"internal/locktest...", "internal/checks...", "internal/model..."}, to: []string{"locks...", "pthread..."},
		why: "internal packages serve the layers above; nothing points upward",
	},
	{
		from: "internal/locktest...", to: []string{"locks...", "pthread..."},
		why: "the suite takes constructors, so that it can be run over any lock",
	},
}

func TestImports(t *testing.T) {
	for _, os := range goos {
		out, _ := goTool(t, []string{"GOOS=" + os, "GOARCH=amd64", "CGO_ENABLED=0"}, "list", "-f",
			`{{.ImportPath}}|{{join .Imports " "}}|{{join .Deps " "}}`, "./...", "./examples/...")
		for line := range strings.Lines(out) {
			fields := strings.Split(strings.TrimSpace(line), "|")
			pkg, imports, deps := fields[0], strings.Fields(fields[1]), strings.Fields(fields[2])
			for _, rule := range forbidden {
				if !matches(rule.from, pkg) || matchesAny(rule.but, pkg) {
					continue
				}
				list, verb := deps, "reaches"
				if rule.directly {
					list, verb = imports, "imports"
				}
				for _, dep := range list {
					if dep != pkg && matchesAny(rule.to, dep) {
						t.Errorf("GOOS=%s: %s %s %s: %s", os, pkg, verb, dep, rule.why)
					}
				}
			}
		}
	}
}

// matches reports whether the import path is the pattern's. Patterns whose first element
// has a dot, and those of one element that the module has no folder for, are absolute.
func matches(pattern, importPath string) bool {
	base, tree := strings.CutSuffix(pattern, "...")
	full := path.Join(module, base)
	if first, _, _ := strings.Cut(base, "/"); strings.Contains(first, ".") || base == "syscall" || base == "os" {
		full = base
	}
	return importPath == full || tree && strings.HasPrefix(importPath, full+"/")
}

func matchesAny(patterns []string, importPath string) bool {
	for _, p := range patterns {
		if matches(p, importPath) {
			return true
		}
	}
	return false
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"...", module, true},
		{"...", module + "/locks", true},
		{"...", "sync", false},
		{"locks", module + "/locks", true},
		{"locks", module + "/locks/park", false},
		{"locks...", module + "/locks/park", true},
		{"locks...", module + "/locksmith", false},
		{"sys/linux...", module + "/sys/linux", true},
		{"syscall", "syscall", true},
		{"golang.org/x/sys...", "golang.org/x/sys/unix", true},
	} {
		if got := matches(c.pattern, c.path); got != c.want {
			t.Errorf("matches(%q, %q) = %v, want %v", c.pattern, c.path, got, c.want)
		}
	}
}

// TestLocksAreThePortableOnes checks that package locks is one source for all systems.
func TestLocksAreThePortableOnes(t *testing.T) {
	const list = `{{join .GoFiles " "}}`
	want, _ := goTool(t, []string{"GOOS=linux", "GOARCH=amd64"}, "list", "-f", list, "./locks")
	for _, pair := range []string{"linux/386", "darwin/arm64", "windows/amd64", "freebsd/amd64", "js/wasm"} {
		os, arch, _ := strings.Cut(pair, "/")
		if got, _ := goTool(t, []string{"GOOS=" + os, "GOARCH=" + arch}, "list", "-f", list, "./locks"); got != want {
			t.Errorf("locks on %s is made of\n%son linux/amd64 of\n%swant one source everywhere", pair, got, want)
		}
	}
}
