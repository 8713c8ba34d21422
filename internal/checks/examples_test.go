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

// shown are the packages whose every exported name must appear in an example.
var shown = []string{"locks", "locks/native", "locks/park", "locks/thread"}

// TestExamples looks for exported names that no Example uses. An example that uses a function that
// returns a type uses the type, too. It uses a method or a field only if it also uses its type.
func TestExamples(t *testing.T) {
	dirs, _ := packages(t)
	examples := map[string][]names{}
	for _, f := range files(t, "_test.go") {
		if !slices.Contains(shown, path.Dir(f.path)) {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, 0)
		if err != nil {
			t.Fatal(err)
		}
		examples[path.Dir(f.path)] = append(examples[path.Dir(f.path)], examplesOf(parsed)...)
	}
	for _, dir := range shown {
		api := exportedAPI(dirs[dir])
		if len(api) == 0 {
			t.Errorf("%s exports nothing", dir)
		}
		for _, name := range slices.Sorted(maps.Keys(api)) {
			if !slices.ContainsFunc(examples[dir], api[name].in) {
				t.Errorf("%s.%s is in no Example", dir, name)
			}
		}
	}
}

// names are the identifiers of an example.
type names map[string]bool

// examplesOf returns the names of each example of a file, along with those of the file's own types
// and functions that it uses.
func examplesOf(f *ast.File) (examples []names) {
	own := map[string]names{}
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				for _, name := range specNames(spec) {
					mention(own, name.Name, spec)
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil {
				mention(own, d.Name.Name, d)
			} else {
				mention(own, baseType(d.Recv.List[0].Type), d)
			}
		}
	}
	for name, example := range own {
		if strings.HasPrefix(name, "Example") {
			for range own { // as many times as one can lead to another
				for name := range maps.Clone(example) {
					maps.Copy(example, own[name])
				}
			}
			examples = append(examples, example)
		}
	}
	return examples
}

// mention adds the identifiers of the declaration of name.
func mention(own map[string]names, name string, n ast.Node) {
	if own[name] == nil {
		own[name] = names{}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			own[name][id.Name] = true
		}
		return true
	})
}

// An exported is a name of an API. The types of a type, a method or a field are its type, and functions
// that return that type: an example that uses one of them uses the type.
type exported struct {
	name   string
	types  []string
	member bool
}

// in reports whether an example uses it.
func (e exported) in(example names) bool {
	typed := slices.ContainsFunc(e.types, func(s string) bool { return example[s] })
	if e.member {
		return typed && example[e.name]
	}
	return typed || example[e.name]
}

// implicit are methods that other packages call: fmt and errors.
var implicit = []string{"Error", "Unwrap"}

// exportedAPI returns the exported names of a package, methods and fields as T.Name.
func exportedAPI(files []*ast.File) map[string]exported {
	api := map[string]exported{}
	makers := map[string][]string{} // by type
	var members [][2]string
	for _, f := range files {
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				for _, field := range returned(d) {
					typ := baseType(field.Type)
					makers[typ] = append(makers[typ], d.Name.Name)
				}
				switch {
				case !d.Name.IsExported() || !receiverExported(d):
				case d.Recv == nil:
					api[d.Name.Name] = exported{name: d.Name.Name}
				default:
					members = append(members, [2]string{baseType(d.Recv.List[0].Type), d.Name.Name})
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for _, name := range specNames(spec) {
						if name.IsExported() {
							api[name.Name] = exported{name: name.Name}
						}
					}
					members = append(members, exportedFields(spec)...)
				}
			}
		}
	}
	for name, e := range api {
		e.types = makers[name]
		api[name] = e
	}
	for _, m := range members {
		if !slices.Contains(implicit, m[1]) {
			api[m[0]+"."+m[1]] = exported{m[1], append([]string{m[0]}, makers[m[0]]...), true}
		}
	}
	return api
}

// specNames returns the names of a declaration.
func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		return s.Names
	}
	return nil
}

// exportedFields returns the exported fields of a type that is exported.
func exportedFields(spec ast.Spec) (fields [][2]string) {
	s, ok := spec.(*ast.TypeSpec)
	if !ok || !s.Name.IsExported() {
		return nil
	}
	typ, ok := s.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	for _, field := range typ.Fields.List {
		for _, name := range field.Names {
			if name.IsExported() {
				fields = append(fields, [2]string{s.Name.Name, name.Name})
			}
		}
	}
	return fields
}

// baseType returns the name of a type without pointers and type parameters.
func baseType(typ ast.Expr) string {
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// returned returns the types that a function returns.
func returned(d *ast.FuncDecl) []*ast.Field {
	if d.Type.Results == nil {
		return nil
	}
	return d.Type.Results.List
}
