// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
)

// stubText declares the names that package locks has of package sync and of package semaphore. It allows code to be checked
// before its go.mod requires osync. TestStub compares it with the package.
//
//go:embed stub.txt
var stubText string

// hasLocks reports whether package locks has a name, according to the stub.
func hasLocks(name string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "stub.txt", stubText, 0)
	return err == nil && f.Scope.Lookup(name) != nil
}

// parseStub builds the stub of package locks on other packages: its sync.Locker is theirs.
func parseStub(imports types.Importer) (*types.Package, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "stub.txt", stubText, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: imports, IgnoreFuncBodies: true}
	return config.Check(locksPath, fset, []*ast.File{f}, nil)
}
