// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// Each analyzer has a package of its name with code that it reports, and code that it does not.
func TestAnalyzers(t *testing.T) {
	for _, a := range analyzers {
		t.Run(a.Name, func(t *testing.T) {
			t.Parallel()
			analysistest.Run(t, analysistest.TestData(), a, a.Name)
		})
	}
}

// The stubs of osync's packages have no method or function that the packages lack, or that has another type there.
func TestStubs(t *testing.T) {
	const root, stubs = "../..", "testdata/src/" + module
	if _, err := os.Stat(root + "/locks"); err != nil {
		t.Skip("osync is not beside this module: ", err)
	}
	found := 0
	for _, dir := range []string{"locks", "locks/native", "locks/shared", "locks/park", "locks/guard", "locks/thread", "pthread"} {
		have := signatures(t, filepath.Join(root, dir))
		for name, stub := range signatures(t, stubs+dir) {
			if found++; have[name] != stub {
				t.Errorf("%s: the stub of %s is %q, and the source %q", dir, name, stub, have[name])
			}
		}
	}
	if found < 50 {
		t.Errorf("found %d functions in the stubs", found)
	}
}

// The tables name no method that its type lacks.
func TestTables(t *testing.T) {
	if _, err := os.Stat("../../locks"); err != nil {
		t.Skip("osync is not beside this module: ", err)
	}
	packages := map[string]map[string]string{}
	check := func(m method) {
		if !limited[m.pkg] && m.pkg != "pthread" {
			return // not osync's
		}
		if packages[m.pkg] == nil {
			packages[m.pkg] = signatures(t, "../../"+m.pkg)
		}
		name := m.name
		if m.typ != "" {
			name = m.typ + "." + m.name
		}
		if packages[m.pkg][name] == "" {
			t.Errorf("there is no %s in %s", name, m.pkg)
		}
	}
	for m := range waits {
		check(m)
	}
	for m := range tries {
		check(m)
	}
	for m := range starters {
		check(m)
	}
	for m := range lockTypes {
		for _, name := range []string{"Unlock", "Lock"} {
			if m.typ == "RWLock" && name == "Lock" {
				name = "WrLock"
			}
			check(method{m.pkg, m.typ, name})
		}
	}
	for m := range threadOwned {
		if !lockTypes[m] {
			t.Errorf("%v is not among the types of locks", m)
		}
	}
}

// signatures returns the types of the exported functions and methods in a folder, for all systems, without the names of
// parameters. A type parameter of a receiver is T.
func signatures(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			name := fn.Name.Name
			if fn.Recv != nil {
				recv := strings.TrimPrefix(types.ExprString(fn.Recv.List[0].Type), "*")
				recv, _, _ = strings.Cut(recv, "[")
				name = recv + "." + name
			}
			all[name] = strings.ReplaceAll(fieldTypes(fn.Type.Params)+" "+fieldTypes(fn.Type.Results), "Locker", "sync.Locker")
		}
	}
	return all
}

func fieldTypes(list *ast.FieldList) string {
	var all []string
	if list != nil {
		for _, f := range list.List {
			for range max(1, len(f.Names)) {
				all = append(all, types.ExprString(f.Type))
			}
		}
	}
	return "(" + strings.Join(all, ", ") + ")"
}
