// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	qualified = regexp.MustCompile(`(?:^|[^\w./])([a-z]+)\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)
	filePath  = regexp.MustCompile("`((?:\\.ci|\\.github|docs|examples|internal|locks|pthread|sys|tools)/[\\w./-]*[\\w])`")
	variable  = regexp.MustCompile(`\b(?:OSYNC_[A-Z_]*[A-Z]|osync_[a-z]+)\b`)
)

// TestNames looks for what the documents and the comments name: the identifiers of the library's packages, and in
// documents also files, environment variables and build tags. CHANGELOG.md names what is gone.
func TestNames(t *testing.T) {
	dirs, _ := packages(t)
	declared := declaredNames(dirs)
	texts := slices.DeleteFunc(files(t, ".md"), func(f file) bool { return f.path == "CHANGELOG.md" })
	var paths []string
	var source strings.Builder
	for _, f := range files(t, "") {
		paths = append(paths, f.path)
		if path.Ext(f.path) != ".md" {
			source.WriteString(f.text)
		}
	}
	for _, problem := range slices.Concat(
		missingNames(append(texts, files(t, ".go")...), declared), missingThings(texts, paths, source.String())) {
		t.Error(problem)
	}
}

// declaredNames returns the exported names of the library's packages, by name of package: functions, types and
// values, and fields and methods after the name of their type. Packages that replace Go's have Go's names.
func declaredNames(dirs map[string][]*ast.File) map[string]map[string]bool {
	declared := map[string]map[string]bool{}
	for dir, parsed := range dirs {
		if name := parsed[0].Name.Name; name != "main" && !strings.HasPrefix(dir, "examples") && replaces(dir) == "" {
			if declared[name] == nil {
				declared[name] = map[string]bool{}
			}
			for _, f := range parsed {
				declare(declared[name], f)
			}
		}
	}
	return declared
}

func declare(names map[string]bool, f *ast.File) {
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = receiverName(d.Recv.List[0].Type) + "." + name
			}
			names[name] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					names[s.Name.Name] = true
					declareMembers(names, s)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						names[n.Name] = true
					}
				}
			}
		}
	}
}

func declareMembers(names map[string]bool, s *ast.TypeSpec) {
	var members *ast.FieldList
	switch typ := s.Type.(type) {
	case *ast.StructType:
		members = typ.Fields
	case *ast.InterfaceType:
		members = typ.Methods
	default:
		return
	}
	for _, m := range members.List {
		for _, n := range m.Names {
			names[s.Name.Name+"."+n.Name] = true
		}
	}
}

func receiverName(typ ast.Expr) string {
	switch x := typ.(type) {
	case *ast.StarExpr:
		return receiverName(x.X)
	case *ast.IndexExpr:
		return receiverName(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// missingNames checks the text of documents, and the comments of Go files.
func missingNames(texts []file, declared map[string]map[string]bool) []string {
	var problems []string
	for _, f := range texts {
		n := 0
		for line := range strings.Lines(f.text) {
			n++
			if path.Ext(f.path) == ".go" {
				_, line, _ = strings.Cut(line, "//")
			}
			for _, m := range qualified.FindAllStringSubmatch(line, -1) {
				names, ours := declared[m[1]]
				if ours && (!names[m[2]] || m[3] != "" && !names[m[2]+"."+m[3]]) {
					problems = append(problems, fmt.Sprintf("%s:%d names %s, which is not there", f.path, n, strings.TrimLeft(m[0], " `([*&!\"")))
				}
			}
		}
	}
	return problems
}

// missingThings checks documents for files, environment variables and build tags that are not in the tree.
func missingThings(texts []file, paths []string, source string) []string {
	var problems []string
	for _, f := range texts {
		for _, m := range filePath.FindAllStringSubmatch(f.text, -1) {
			if !slices.ContainsFunc(paths, func(p string) bool { return p == m[1] || strings.HasPrefix(p, m[1]+"/") }) {
				problems = append(problems, fmt.Sprintf("%s names the file %s, which is not there", f.path, m[1]))
			}
		}
		for _, name := range variable.FindAllString(f.text, -1) {
			if !strings.Contains(source, name) {
				problems = append(problems, fmt.Sprintf("%s names %s, which nothing reads", f.path, name))
			}
		}
	}
	return problems
}
