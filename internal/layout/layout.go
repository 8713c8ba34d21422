// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package layout reads the numbers and the layouts of a package of another system from its source, as the
// compiler for that system sees them. So tests can compare a binding that cannot run here with the system's headers.
package layout

import (
	"go/ast"
	"go/build"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// A Package is a package as compiled for one system and one processor.
type Package struct {
	t     testing.TB
	name  string
	scope *types.Scope
	sizes types.Sizes
}

// Load reads the package in a directory for goos and goarch. It reads only declarations. Of the imported packages it
// also reads those of the standard library that define layouts; it ignores the others. The test fails if there is no
// such package.
func Load(t testing.TB, dir, goos, goarch string) *Package {
	t.Helper()
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = goos, goarch, false
	found, err := ctx.ImportDir(dir, 0)
	if err != nil {
		t.Fatalf("%s for %s/%s: %v", dir, goos, goarch, err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range found.GoFiles {
		f, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	sizes := types.SizesFor("gc", goarch)
	config := types.Config{
		Importer:         known{importer.ForCompiler(set, "source", nil), map[string]*types.Package{}},
		Sizes:            sizes,
		IgnoreFuncBodies: true,
		Error:            func(error) {}, // of what is not known
	}
	pkg, _ := config.Check(found.Name, set, files, nil)
	return &Package{t, goos + "/" + goarch, pkg.Scope(), sizes}
}

// known imports the packages whose types have a layout that matters, and substitutes empty packages for all others.
type known struct {
	source types.Importer
	empty  map[string]*types.Package
}

func (k known) Import(path string) (*types.Package, error) {
	switch path {
	case "structs", "sync/atomic", "unsafe":
		return k.source.Import(path)
	}
	if k.empty[path] == nil {
		p := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
		p.MarkComplete()
		k.empty[path] = p
	}
	return k.empty[path], nil
}

// Want checks a size, an offset or a number. The name is that of a type for its size, as "T.F" that of a field
// for its offset, and otherwise that of a constant.
func (p *Package) Want(name string, want int64) {
	p.t.Helper()
	base, field, isField := strings.Cut(name, ".")
	switch obj := p.scope.Lookup(base).(type) {
	case *types.Const:
		if got, exact := constant.Int64Val(constant.ToInt(obj.Val())); !exact || got != want {
			p.t.Errorf("%s: %s = %v, want %d", p.name, name, obj.Val(), want)
		}
	case *types.TypeName:
		got := p.sizes.Sizeof(obj.Type())
		if isField {
			got = p.offset(obj, field)
		}
		if got != want {
			p.t.Errorf("%s: %s is %d, want %d", p.name, name, got, want)
		}
	default:
		p.t.Errorf("%s: there is no %s", p.name, name)
	}
}

// offset returns the offset of a field of a struct, or -1 if there is no such field.
func (p *Package) offset(typ *types.TypeName, name string) int64 {
	s, ok := typ.Type().Underlying().(*types.Struct)
	if !ok {
		return -1
	}
	var fields []*types.Var
	for f := range s.Fields() {
		fields = append(fields, f)
	}
	for i, offset := range p.sizes.Offsetsof(fields) {
		if fields[i].Name() == name {
			return offset
		}
	}
	return -1
}

// Constants returns the names of the package's exported constants.
func (p *Package) Constants() (names []string) {
	for _, name := range p.scope.Names() {
		if c, ok := p.scope.Lookup(name).(*types.Const); ok && c.Exported() {
			names = append(names, name)
		}
	}
	return names
}
