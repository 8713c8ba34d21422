// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// packages parses the files of the checkout, without tests, by folder. It ignores build constraints,
// so the files of all systems are there.
func packages(t *testing.T) (map[string][]*ast.File, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	dirs := map[string][]*ast.File{}
	for _, f := range files(t, ".go") {
		if strings.HasSuffix(f.path, "_test.go") || strings.Contains(f.path, "testdata/") { // the go command does not see these packages
			continue
		}
		parsed, err := parser.ParseFile(fset, f.path, f.text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dirs[path.Dir(f.path)] = append(dirs[path.Dir(f.path)], parsed)
	}
	return dirs, fset
}

func TestPackageComments(t *testing.T) {
	dirs, fset := packages(t)
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		var where []string
		for _, f := range dirs[dir] {
			if f.Doc == nil {
				continue
			}
			where = append(where, fset.Position(f.Package).Filename)
			if want := "Package " + f.Name.Name + " "; f.Name.Name != "main" && !strings.HasPrefix(f.Doc.Text(), want) {
				t.Errorf("%s: the package comment does not start with %q", where[len(where)-1], want)
			}
		}
		if len(where) != 1 {
			t.Errorf("%s has %d package comments %v, want one: in doc.go, or in its only file", dir, len(where), where)
		}
	}
}

// TestExportedComments checks that every name available to users has a comment. A comment
// on a group of constants, variables or types counts for each of them.
func TestExportedComments(t *testing.T) {
	dirs, fset := packages(t)
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if strings.HasPrefix(dir, "internal") || dirs[dir][0].Name.Name == "main" {
			continue
		}
		for _, f := range dirs[dir] {
			for _, decl := range f.Decls {
				for _, name := range uncommented(decl) {
					t.Errorf("%s: exported %s has no comment", fset.Position(name.Pos()), name)
				}
			}
		}
	}
}

// uncommented returns the exported names of decl that have no comment.
func uncommented(decl ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && receiverExported(d) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name)
				}
			case *ast.ValueSpec:
				if s.Doc == nil && s.Comment == nil {
					names = append(names, s.Names...)
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(n *ast.Ident) bool { return !n.IsExported() })
}

// receiverExported reports whether d is a function, or a method of an exported type.
func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}
