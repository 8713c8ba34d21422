// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// replacements are the packages of explore that replace packages of Go's library. The value is whether they have
// everything that the original has.
var replacements = map[string]bool{
	"context": false, "math/rand/v2": false, "runtime": false, "sync": true, "sync/atomic": true, "time": false,
}

// replaces returns the package of Go's library that the one in dir replaces, or "".
func replaces(dir string) string {
	if original, ok := strings.CutPrefix(dir, "explore/"); ok {
		if _, ok := replacements[original]; ok {
			return original
		}
	}
	return ""
}

// larger are the types of replacements that are larger than the originals.
var larger = []string{"sync.Pool"}

// TestReplacements compares the exported names of the replacements with those of the originals.
func TestReplacements(t *testing.T) {
	imports := importer.ForCompiler(token.NewFileSet(), "source", nil)
	load := func(path string) *types.Package {
		pkg, err := imports.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return pkg
	}
	for path, whole := range replacements {
		ours, theirs := load(module+"/explore/"+path), load(path)
		got, want := describe(ours), describe(theirs)
		for name, description := range got {
			if want[name] != description {
				t.Errorf("explore/%s has %s, the original %q", path, description, want[name])
			}
		}
		for name, description := range want {
			if _, ok := got[name]; whole && !ok {
				t.Errorf("explore/%s lacks %s", path, description)
			}
		}
		if whole {
			compareSizes(t, ours, theirs)
		}
	}
}

// describe returns the exported functions, types, methods and fields of a package, by name.
func describe(pkg *types.Package) map[string]string {
	descriptions := map[string]string{}
	qualifier := func(p *types.Package) string {
		return strings.TrimPrefix(p.Path(), module+"/explore/")
	}
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		named, ok := types.Unalias(obj.Type()).(*types.Named)
		if _, isType := obj.(*types.TypeName); !ok || !isType {
			descriptions[name] = types.ObjectString(obj, qualifier)
			continue
		}
		descriptions[name] = "type " + name
		methods := types.NewMethodSet(types.NewPointer(named))
		for method := range methods.Methods() {
			if method.Obj().Exported() {
				descriptions[name+"."+method.Obj().Name()] = types.ObjectString(method.Obj(), qualifier)
			}
		}
		if s, ok := named.Underlying().(*types.Struct); ok {
			for field := range s.Fields() {
				if field.Exported() {
					descriptions[name+"."+field.Name()] = types.ObjectString(field, qualifier)
				}
			}
		}
	}
	return descriptions
}

// compareSizes compares the sizes and alignments of types. Code under exploration may compute with them.
func compareSizes(t *testing.T, ours, theirs *types.Package) {
	for _, arch := range []string{"amd64", "386"} {
		sizes := types.SizesFor("gc", arch)
		for _, name := range theirs.Scope().Names() {
			obj, want := ours.Scope().Lookup(name), theirs.Scope().Lookup(name)
			if _, ok := want.(*types.TypeName); !ok || !ast.IsExported(name) || obj == nil || types.IsInterface(want.Type()) {
				continue
			}
			if slices.Contains(larger, ours.Name()+"."+name) {
				continue
			}
			size, align := sizes.Sizeof(obj.Type()), sizes.Alignof(obj.Type())
			wantSize, wantAlign := sizes.Sizeof(want.Type()), sizes.Alignof(want.Type())
			if size != wantSize || align != wantAlign {
				t.Errorf("%s: %s.%s has %d bytes, aligned to %d, the original %d, aligned to %d",
					arch, ours.Name(), name, size, align, wantSize, wantAlign)
			}
		}
	}
}
