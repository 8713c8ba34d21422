// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
)

var deferLock = newAnalyzer("deferlock", `report a deferred Lock that is meant to be an Unlock

	m.Lock()
	defer m.Lock() // at the end of the function waits for itself

A function that unlocks for a while, and defers the Lock after the Unlock, is correct, and not reported.`, runDeferLock)

func runDeferLock(pass *analysis.Pass) {
	info := pass.TypesInfo
	check := func(list []ast.Stmt) {
		for i, s := range list {
			d, ok := s.(*ast.DeferStmt)
			if !ok || i == 0 {
				continue
			}
			m, o, l, ok := lockOp(info, d.Call)
			before, isExpr := list[i-1].(*ast.ExprStmt)
			if !ok || o.acquires == none || o.try || !isExpr {
				continue
			}
			call, isCall := before.X.(*ast.CallExpr)
			if !isCall {
				continue
			}
			_, o2, l2, ok := lockOp(info, call)
			if !ok || o2.acquires != o.acquires || l2.key != l.key {
				continue
			}
			unlock := strings.TrimSuffix(m.name, "Lock") + "Unlock"
			sel := ast.Unparen(d.Call.Fun).(*ast.SelectorExpr)
			pass.Report(analysis.Diagnostic{
				Pos: d.Pos(), End: d.End(),
				Message: "deferred " + m.name + " after a " + m.name + " of " + l.text + " waits for itself when the function returns: defer " + unlock,
				SuggestedFixes: []analysis.SuggestedFix{{
					Message:   "defer " + unlock,
					TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte(unlock)}},
				}},
			})
		}
	}
	nodes := []ast.Node{(*ast.BlockStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)}
	inspectorOf(pass).Preorder(nodes, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.BlockStmt:
			check(n.List)
		case *ast.CaseClause:
			check(n.Body)
		case *ast.CommClause:
			check(n.Body)
		}
	})
}
