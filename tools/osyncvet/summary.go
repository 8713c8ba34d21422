// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
	"iter"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// summaries computes which locks the functions of a package may lock and unlock.
var summaries = &analysis.Analyzer{
	Name:       "osyncsummaries",
	Doc:        "find out which locks functions may lock and unlock",
	Run:        func(pass *analysis.Pass) (any, error) { return summarize(pass), nil },
	ResultType: reflect.TypeFor[*packageSummary](),
}

// A packageSummary has, for each function of a package, the variables and fields whose locks it may acquire or
// release, itself or in functions of the package that it mentions.
type packageSummary struct {
	acquires, releases map[*types.Func]map[types.Object]bool
}

func summariesOf(pass *analysis.Pass) *packageSummary {
	return pass.ResultOf[summaries].(*packageSummary)
}

// functions returns the functions of the package that have bodies.
func functions(pass *analysis.Pass) iter.Seq2[*types.Func, *ast.FuncDecl] {
	return func(yield func(*types.Func, *ast.FuncDecl) bool) {
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok || decl.Body == nil {
					continue
				}
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && !yield(fn, decl) {
					return
				}
			}
		}
	}
}

func summarize(pass *analysis.Pass) *packageSummary {
	info := pass.TypesInfo
	s := &packageSummary{map[*types.Func]map[types.Object]bool{}, map[*types.Func]map[types.Object]bool{}}
	mentions := map[*types.Func]map[*types.Func]bool{}
	byName := map[string][]*types.Func{} // methods, for calls through interfaces
	for fn, decl := range functions(pass) {
		s.acquires[fn], s.releases[fn], mentions[fn] = map[types.Object]bool{}, map[types.Object]bool{}, map[*types.Func]bool{}
		if decl.Recv != nil {
			byName[fn.Name()] = append(byName[fn.Name()], fn)
		}
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				switch _, o, l, ok := lockMethod(info, n); {
				case !ok:
				case o.acquires != none:
					s.acquires[fn][l.last] = true
				default:
					s.releases[fn][l.last] = true
				}
			case *ast.Ident:
				if callee, ok := info.Uses[n].(*types.Func); ok {
					mentions[fn][callee.Origin()] = true
				}
			}
			return true
		})
	}
	for changed := true; changed; {
		changed = false
		for fn := range mentions {
			for callee := range mentions[fn] {
				targets := []*types.Func{callee}
				if recv := callee.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
					targets = byName[callee.Name()]
				}
				for _, target := range targets {
					changed = add(s.acquires[fn], s.acquires[target]) || changed
					changed = add(s.releases[fn], s.releases[target]) || changed
				}
			}
		}
	}
	return s
}

// add adds the objects of from to those of to, and reports whether that has changed to.
func add(to, from map[types.Object]bool) bool {
	n := len(to)
	for o := range from {
		to[o] = true
	}
	return len(to) > n
}

// mayRelease reports whether a call of fn may release a lock that l names.
func (s *packageSummary) mayRelease(fn *types.Func, l lock) bool { return s.releases[fn][l.last] }
