// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goos are the systems whose imports are compared; each has its own files under sys.
var goos = []string{"linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly"}

// TestImports compares the imports of each package with the table of ARCHITECTURE.md. A package may import only
// what its row names, must import it on some system, and must exist if it has a row.
func TestImports(t *testing.T) {
	may := map[string][]string{}
	for _, row := range tableRows(t, "What may import what") {
		for _, pkg := range quoted(row[0]) {
			may[pkg] = quoted(row[1])
		}
	}
	exists, used := map[string]bool{}, map[string]bool{}
	for _, os := range goos {
		for pkg, imports := range listImports(t, os, "Imports") {
			exists[pkg] = true
			allowed, ok := may[pkg]
			if !ok {
				t.Errorf("%s has no row in the table of ARCHITECTURE.md", pkg)
			}
			for _, dep := range imports {
				dep, ours := strings.CutPrefix(dep, module+"/")
				used[pkg+" "+dep] = true
				if ours && !slices.Contains(allowed, dep) {
					t.Errorf("GOOS=%s: %s imports %s, which the table of ARCHITECTURE.md does not allow", os, pkg, dep)
				}
			}
		}
	}
	for pkg, allowed := range may {
		if !exists[pkg] {
			t.Errorf("ARCHITECTURE.md has a row for %s, which does not exist", pkg)
		}
		for _, dep := range allowed {
			if !used[pkg+" "+dep] {
				t.Errorf("ARCHITECTURE.md allows %s to import %s, which it does not", pkg, dep)
			}
		}
	}
}

// TestWayOfAWaiter looks for the functions of the table in ARCHITECTURE.md in the files, or packages, of
// their rows.
func TestWayOfAWaiter(t *testing.T) {
	rows := tableRows(t, "The way of a waiter")
	if len(rows) < 10 {
		t.Fatalf("ARCHITECTURE.md has a table of %d rows", len(rows))
	}
	for _, row := range rows {
		var source []byte
		for _, place := range quoted(row[2]) {
			files := []string{filepath.Join(root(t), place)}
			if filepath.Ext(place) == "" {
				files, _ = filepath.Glob(filepath.Join(files[0], "*.go"))
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Errorf("ARCHITECTURE.md: %v", err)
				}
				source = append(source, text...)
			}
		}
		for _, name := range quoted(row[1]) {
			if !regexp.MustCompile(`(?m)^func (\(.*?\) )?` + name + `\(`).Match(source) {
				t.Errorf("ARCHITECTURE.md: there is no function %s in%s", name, row[2])
			}
		}
	}
}

// tableRows returns the cells of the table in a section of ARCHITECTURE.md.
func tableRows(t *testing.T, title string) [][]string {
	text, err := os.ReadFile(filepath.Join(root(t), "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## "+title+"\n")
	if !ok {
		t.Fatalf("ARCHITECTURE.md has no section %q", title)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var rows [][]string
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			rows = append(rows, cells[1:len(cells)-1])
		}
	}
	return rows
}

// quoted returns the words of a text that are in back quotes.
func quoted(text string) (words []string) {
	for i, word := range strings.Split(text, "`") {
		if i%2 == 1 {
			words = append(words, word)
		}
	}
	return words
}

// listImports returns the imports of each package of the library on a system: those of its own files if
// field is Imports, and also those of its imports if field is Deps.
func listImports(t *testing.T, goos, field string) map[string][]string {
	if listed[goos] == nil {
		lists := map[string]map[string][]string{"Imports": {}, "Deps": {}}
		out, _ := goTool(t, []string{"GOOS=" + goos, "GOARCH=amd64", "CGO_ENABLED=0"}, "list", "-f",
			`{{.ImportPath}};{{join .Imports " "}};{{join .Deps " "}}`, "./...")
		for line := range strings.Lines(out) {
			fields := strings.Split(strings.TrimSpace(line), ";")
			pkg := strings.TrimPrefix(fields[0], module+"/")
			lists["Imports"][pkg], lists["Deps"][pkg] = strings.Fields(fields[1]), strings.Fields(fields[2])
		}
		listed[goos] = lists
	}
	return listed[goos][field]
}

// listed holds the results of listImports for each system and field: a call of the go command takes a second.
var listed = map[string]map[string]map[string][]string{}

// outside lists the packages of other modules, and of the system, that are forbidden.
var outside = []struct {
	from, but []string // patterns, as for the go command
	to        []string
	field     string // Imports or Deps, see listImports
	why       string
}{
	{
		from: []string{"..."}, but: []string{"pthread..."}, to: []string{"github.com/ebitengine/purego..."}, field: "Deps",
		why: "purego makes even a CGO_ENABLED=0 program dynamically linked on Linux",
	},
	{
		from: []string{"locks", "locks/guard", "locks/spin"}, to: []string{"syscall", "os", "golang.org/x/sys..."}, field: "Imports",
		why: "the portable locks are algorithms only; locks/park and sys/futex make the calls",
	},
	{
		from: []string{"locks/park"}, to: []string{"syscall", "golang.org/x/sys..."}, field: "Imports",
		why: "park sleeps through sys/futex; what differs between systems ends there",
	},
}

func TestImportsFromOutside(t *testing.T) {
	for _, os := range goos {
		for _, rule := range outside {
			for pkg, imports := range listImports(t, os, rule.field) {
				if !matchesAny(rule.from, pkg) || matchesAny(rule.but, pkg) {
					continue
				}
				for _, dep := range imports {
					if matchesAny(rule.to, dep) {
						t.Errorf("GOOS=%s: %s imports %s: %s", os, pkg, dep, rule.why)
					}
				}
			}
		}
	}
	deps, _ := goTool(t, []string{"CGO_ENABLED=0"}, "list", "-deps", "./examples/doctor")
	if strings.Contains(deps, "purego") || strings.Contains(deps, module+"/pthread") {
		t.Error("the doctor reaches purego, or pthread: it is static, and that of pthread is a program of its own")
	}
}

// matches reports whether a pattern of the go command matches a package.
func matches(pattern, pkg string) bool {
	base, tree := strings.CutSuffix(pattern, "...")
	base = strings.TrimSuffix(base, "/")
	return pkg == base || tree && (base == "" || strings.HasPrefix(pkg, base+"/"))
}

func matchesAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, pkg) })
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, pkg string
		want         bool
	}{
		{"...", "locks", true},
		{"locks", "locks", true},
		{"locks", "locks/park", false},
		{"locks...", "locks/park", true},
		{"locks...", "locksmith", false},
		{"golang.org/x/sys...", "golang.org/x/sys/unix", true},
	} {
		if got := matches(c.pattern, c.pkg); got != c.want {
			t.Errorf("matches(%q, %q) = %v, want %v", c.pattern, c.pkg, got, c.want)
		}
	}
}

// TestLocksAreThePortableOnes checks that the portable locks are one source for all systems.
func TestLocksAreThePortableOnes(t *testing.T) {
	list := []string{"list", "-f", `{{.Name}}: {{join .GoFiles " "}}`, "./locks", "./locks/guard", "./locks/spin"}
	want, _ := goTool(t, []string{"GOOS=linux", "GOARCH=amd64"}, list...)
	for _, pair := range []string{"linux/386", "darwin/arm64", "windows/amd64", "freebsd/amd64", "js/wasm"} {
		os, arch, _ := strings.Cut(pair, "/")
		if got, _ := goTool(t, []string{"GOOS=" + os, "GOARCH=" + arch}, list...); got != want {
			t.Errorf("the locks on %s are made of\n%son linux/amd64 of\n%swant one source everywhere", pair, got, want)
		}
	}
}
