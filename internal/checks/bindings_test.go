// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// bound are the packages whose functions are listed in docs/bindings.md, by the section's title.
var bound = map[string]string{
	"Linux":     "sys/linux",
	"macOS":     "sys/darwin",
	"Windows":   "sys/windows",
	"FreeBSD":   "sys/freebsd",
	"OpenBSD":   "sys/openbsd",
	"NetBSD":    "sys/netbsd",
	"DragonFly": "sys/dragonfly",
	"POSIX":     "pthread",
	"portable":  "sys/futex",
}

// ways are the words with which the last column of docs/bindings.md may begin. All except "built" promise a test.
var ways = []string{"here", "Wine", "stand-in", "pure", "built"}

// TestBindings compares docs/bindings.md with the packages. Each exported function and type has one row in its section,
// each row names something exported, and a row that claims a test names something that the package's tests use.
func TestBindings(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "docs", "bindings.md"))
	if err != nil {
		t.Fatal(err)
	}
	dirs, _ := packages(t)
	for title, dir := range bound {
		_, section, ok := strings.Cut(string(data), "\n## "+title+"\n")
		if !ok {
			t.Errorf("docs/bindings.md has no section %q", title)
			continue
		}
		section, _, _ = strings.Cut(section, "\n## ")
		api, tests := bindings(dirs[dir]), testText(t, dir)
		if len(api) == 0 {
			t.Errorf("%s exports nothing", dir)
		}
		for row := range bindingRows(section) {
			for _, cell := range row {
				if strings.TrimSpace(cell) == "" || strings.TrimSpace(cell) == "?" {
					t.Errorf("docs/bindings.md, %s: an empty cell in %q", title, row)
				}
			}
			way, _, _ := strings.Cut(strings.TrimSpace(row[3]), ":")
			if !slices.Contains(ways, way) {
				t.Errorf("docs/bindings.md, %s: %q is not one of %q, with a colon and more, or without", title, row[3], ways)
			}
			for _, name := range quoted(row[2]) {
				if _, ok := api[name]; !ok {
					t.Errorf("docs/bindings.md, %s: %s exports no %s, or two rows have it", title, dir, name)
				}
				delete(api, name)
				if way != "built" && !regexp.MustCompile(`\b`+name[strings.LastIndex(name, ".")+1:]+`\b`).MatchString(tests) {
					t.Errorf("docs/bindings.md, %s: %s is %q, but no test of %s names it", title, name, way, dir)
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(api)) {
			t.Errorf("docs/bindings.md, %s: no row has %s.%s", title, dir, name)
		}
	}
}

// bindings returns the exported functions and types of a package, and the methods as T.Name.
func bindings(files []*ast.File) map[string]bool {
	api := map[string]bool{}
	for _, f := range files {
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				switch {
				case !d.Name.IsExported() || !receiverExported(d) || slices.Contains(implicit, d.Name.Name):
				case d.Recv == nil:
					api[d.Name.Name] = true
				default:
					api[baseType(d.Recv.List[0].Type)+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
						api[s.Name.Name] = true
					}
				}
			}
		}
	}
	return api
}

// bindingRows yields the rows of a section's table, without its header.
func bindingRows(section string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(section) {
			cells := strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|")
			if len(cells) != 6 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[1]) == "primitive" {
				continue
			}
			if !yield(cells[1:5]) {
				return
			}
		}
	}
}

// testText returns the source of the tests of a package, including those in subfolders.
func testText(t *testing.T, dir string) string {
	var text strings.Builder
	for _, f := range files(t, "_test.go") {
		if strings.HasPrefix(f.path, dir+"/") {
			text.WriteString(f.text)
		}
	}
	return text.String()
}
