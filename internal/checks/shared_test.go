// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// seldom are the package variables with atomic words that no path of a lock uses continuously.
var seldom = map[string]string{
	"explore/internal/engine.current": "tests",
	"internal/goid.places":            "used by the first search only",
	"sys/linux.known":                 "read before a system call of a 32-bit system, and written once",
	"pthread.freed":                   "tests",
	"pthread.lastSelf":                "used by a thread's first call only",
	"internal/spin.word":              "never written",
	"locks/native.unused":             "never written",
	"internal/locktest.sink":          "tests",
	"internal/locktest.signs":         "tests",
	"locks/shared.crowds":             "a map whose keys point to words",
	"locks/shared.noLists":            "written once",
}

// TestSharedVariables checks that a package variable with atomic words has a cacheline.Pad before them and
// after them. Otherwise the linker puts it beside any variable of the same size, such as a counter of the
// program that imports osync, and each wait pays for each write to that variable.
func TestSharedVariables(t *testing.T) {
	dirs, _ := packages(t)
	found := 0
	for dir, files := range dirs {
		if strings.HasPrefix(dir, "examples") || strings.HasPrefix(dir, "tools") {
			continue
		}
		for _, f := range files {
			for _, v := range variables(f) {
				if len(atomics(v.Type)) == 0 {
					continue
				}
				name := dir + "." + v.Names[0].Name
				if found++; seldom[name] == "" && !padded(v.Type) {
					t.Errorf("%s has atomic words and no cacheline.Pad before them or behind them", name)
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("found %d package variables with atomic words", found)
	}
}

// variables returns the package variables of f that have a type.
func variables(f *ast.File) (specs []*ast.ValueSpec) {
	for _, decl := range f.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				if v := spec.(*ast.ValueSpec); v.Type != nil {
					specs = append(specs, v)
				}
			}
		}
	}
	return specs
}

// atomics returns the types of sync/atomic in typ, except those in arrays, whose elements are looked up one by one.
func atomics(typ ast.Expr) (found []ast.Node) {
	ast.Inspect(typ, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "atomic" {
				found = append(found, n)
			}
		}
		_, array := n.(*ast.ArrayType)
		return !array
	})
	return found
}

// padded reports whether typ is a struct whose first and last fields are of type cacheline.Pad.
func padded(typ ast.Expr) bool {
	s, ok := typ.(*ast.StructType)
	if !ok {
		return false
	}
	isPad := func(f *ast.Field) bool {
		sel, ok := f.Type.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Pad"
	}
	return isPad(s.Fields.List[0]) && isPad(s.Fields.List[len(s.Fields.List)-1])
}
