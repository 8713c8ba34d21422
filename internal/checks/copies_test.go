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

// copied are the exported structs of the packages of locks that may be copied.
var copied = []string{"locks.ReadToken"}

// TestCopies copies each lock, and checks that go vet reports it.
func TestCopies(t *testing.T) {
	dirs, _ := packages(t)
	var code strings.Builder
	code.WriteString("package checks\n\nimport (\n")
	var types []string
	for _, dir := range []string{"locks", "locks/native"} {
		fmt.Fprintf(&code, "\t%q\n", module+"/"+dir)
		types = append(types, structs(path.Base(dir), dirs[dir])...)
	}
	code.WriteString(")\n\n")
	for _, typ := range types {
		fmt.Fprintf(&code, "func _(%s) {}\n", typ)
	}
	const file = "internal/checks/copies.go" // in a folder that exists
	_, stderr, err := tryGoTool(t, nil, "vet", "-copylocks", overlay(t, map[string]string{file: code.String()}), "./"+path.Dir(file))
	if err == nil {
		t.Fatal("go vet finds nothing")
	}
	for _, typ := range types {
		want := !slices.Contains(copied, typ)
		name, _, _ := strings.Cut(typ, "[")
		report := regexp.MustCompile(`passes lock by value: \S*\b` + regexp.QuoteMeta(name) + `\b`)
		if got := report.MatchString(stderr); got != want {
			t.Errorf("go vet reports a copy of a %s: %v, want %v\n%s", typ, got, want, stderr)
		}
	}
}

// structs returns the exported structs of a package, generic ones with an int.
func structs(pkg string, files []*ast.File) (types []string) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.TypeSpec)
			if !ok || !s.Name.IsExported() {
				return true
			}
			if _, ok := s.Type.(*ast.StructType); !ok {
				return true
			}
			typ := pkg + "." + s.Name.Name
			if s.TypeParams != nil {
				typ += "[int]"
			}
			types = append(types, typ)
			return true
		})
	}
	return types
}
