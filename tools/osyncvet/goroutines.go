// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
)

// starters are the functions that call a function argument in a goroutine of its own.
var starters = map[method]bool{
	{"sync", "WaitGroup", "Go"}:                        true,
	{"locks", "WaitGroup", "Go"}:                       true,
	{"locks/thread", "", "Spawn"}:                      true,
	{"locks/thread", "Group", "Spawn"}:                 true,
	{"golang.org/x/sync/errgroup", "Group", "Go"}:      true,
	{"golang.org/x/sync/errgroup", "Group", "TryGo"}:   true,
	{"github.com/sourcegraph/conc", "WaitGroup", "Go"}: true,
	{"time", "", "AfterFunc"}:                          true,
	{"context", "", "AfterFunc"}:                       true,
	{"testing", "T", "Run"}:                            true,
	{"testing", "B", "Run"}:                            true,
}

// A start is an expression whose function runs in a goroutine of its own.
type start struct {
	fun  ast.Expr
	args []ast.Expr // of the function
	how  string     // for messages
}

// startsOf returns the goroutines that a node starts.
func startsOf(info *types.Info, n ast.Node) (starts []start) {
	switch n := n.(type) {
	case *ast.GoStmt:
		return []start{{ast.Unparen(n.Call.Fun), n.Call.Args, "go"}}
	case *ast.CallExpr:
		if m := calleeOf(info, n); starters[m] {
			for _, arg := range n.Args {
				if _, ok := info.TypeOf(arg).Underlying().(*types.Signature); ok {
					starts = append(starts, start{ast.Unparen(arg), nil, m.String()})
				}
			}
		}
	}
	return starts
}
