// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

var goAdd = newAnalyzer("goadd", `report a WaitGroup.Add at the beginning of the goroutine that it counts

Wait may run before the goroutine does, and then does not wait for it. Go vet reports this for sync.WaitGroup; this analyzer
does for locks.WaitGroup:

	go func() {
		wg.Add(1) // call wg.Add before the go statement, or use wg.Go
		defer wg.Done()
		work()
	}()
	wg.Wait()`, runGoAdd)

func runGoAdd(pass *analysis.Pass) {
	inspectorOf(pass).Preorder([]ast.Node{(*ast.GoStmt)(nil)}, func(n ast.Node) {
		lit, ok := ast.Unparen(n.(*ast.GoStmt).Call.Fun).(*ast.FuncLit)
		if !ok || len(lit.Body.List) == 0 {
			return
		}
		first, ok := lit.Body.List[0].(*ast.ExprStmt)
		if !ok {
			return
		}
		if call, ok := first.X.(*ast.CallExpr); ok && calleeOf(pass.TypesInfo, call) == (method{"locks", "WaitGroup", "Add"}) {
			pass.ReportRangef(call, "WaitGroup.Add in the goroutine that it counts: Wait may be called before; call Add before the go statement, or use WaitGroup.Go")
		}
	})
}
