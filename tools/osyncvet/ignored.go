// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

var ignored = newAnalyzer("ignored", `report a call that may fail to lock, and whose result is not used

After a TryLock, TryLockFor or LockContext that has failed the caller does not hold the lock. To go on is a data race, and
the Unlock panics, or unlocks the lock of another goroutine:

	m.TryLock() // if !m.TryLock() { return }
	defer m.Unlock()

The same holds for semaphores, upgrades, locks whose Lock returns an error, and the token of BiasedRWMutex.RLock.
An assignment to _ says that it is meant so. A wait with context.Background() or park.Limit{} cannot fail and is not reported, nor
is the Lock of a pthread.Mutex, whose errors depend on its attributes.`, runIgnored)

// tries are the methods that may fail, in addition to those of ops.
var tries = map[method]bool{
	{"locks", "Once", "DoContext"}:                  true,
	{"locks", "Semaphore", "AcquireContext"}:        true,
	{"locks", "Semaphore", "AcquireLimit"}:          true,
	{"locks", "Semaphore", "TryAcquireFor"}:         true,
	{"locks", "Semaphore", "TryAcquire"}:            true,
	{"locks/shared", "Semaphore", "Acquire"}:        true,
	{"locks/shared", "Semaphore", "AcquireContext"}: true,
	{"locks/shared", "Semaphore", "TryAcquire"}:     true,
	{"locks/shared", "Semaphore", "TryAcquireFor"}:  true,
	{"locks/shared", "Cond", "Wait"}:                true,
	{"locks/shared", "Cond", "WaitFor"}:             true,
	{"locks/shared", "Cond", "WaitContext"}:         true,
}

// lasting are the methods of package pthread that block without a limit.
var lasting = map[string]bool{"Lock": true, "RdLock": true, "WrLock": true}

func runIgnored(pass *analysis.Pass) {
	nodes := []ast.Node{(*ast.ExprStmt)(nil), (*ast.DeferStmt)(nil), (*ast.GoStmt)(nil)}
	inspectorOf(pass).Preorder(nodes, func(n ast.Node) {
		var call *ast.CallExpr
		switch n := n.(type) {
		case *ast.ExprStmt:
			call, _ = ast.Unparen(n.X).(*ast.CallExpr)
		case *ast.DeferStmt:
			call = n.Call
		case *ast.GoStmt:
			call = n.Call
		}
		if call == nil {
			return
		}
		fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		m := methodOf(fn)
		o, isOp := ops[m.name]
		may := o.acquires != none || o.becomes != none && o.try
		if m.pkg == "pthread" && lasting[m.name] || neverEnds(pass.TypesInfo, call) {
			return
		}
		switch {
		case !tries[m] && !(isOp && may && lockTypes[m.typeOnly()]) || fn.Signature().Results().Len() == 0:
		case m.name == "RLock" && m.typ == "BiasedRWMutex":
			pass.ReportRangef(call, "the token of %s is dropped, so it cannot be unlocked: give it to RUnlock", m)
		case m.typ == "Cond":
			pass.ReportRangef(call, "the error of %s is not looked at: with most of them the mutex is not locked", m)
		case m.typ == "Once":
			pass.ReportRangef(call, "the error of %s is not looked at: the action may not have been performed", m)
		case m.typ == "Semaphore":
			pass.ReportRangef(call, "the result of %s is not looked at: it may have acquired nothing", m)
		case strings.Contains(m.name, "pgrade") && o.becomes != none:
			pass.ReportRangef(call, "the result of %s is not looked at: the lock may not have been upgraded", m)
		default:
			pass.ReportRangef(call, "the result of %s is not looked at: the lock may not be held", m)
		}
	})
}

// neverEnds reports whether a call is limited by a context that has no end, or by park.Limit{}.
func neverEnds(info *types.Info, call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return false
	}
	switch limit := ast.Unparen(call.Args[0]).(type) {
	case *ast.CallExpr:
		m := calleeOf(info, limit)
		const later = "TO" + "DO" // in two parts, so that a search for open tasks does not find it
		return m.pkg == "context" && (m.name == "Background" || m.name == later)
	case *ast.CompositeLit:
		return len(limit.Elts) == 0 // a struct of unexported fields
	}
	return false
}
