// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"time"

	"golang.org/x/tools/go/analysis"
)

var waitLimit = newAnalyzer("waitlimit", `report limits of waits that cannot be intended

With a limit of zero or less TryLockFor and its kin do not wait: TryLock says so. A negative limit does not mean "for ever",
as in other libraries: Lock does. And a number without a unit is one of nanoseconds:

	m.TryLockFor(0)   // m.TryLock()
	m.TryLockFor(-1)  // m.Lock(), or m.TryLock()
	m.TryLockFor(100) // 100*time.Millisecond?

A limit of 1 is assumed to mean the shortest possible limit.`, runWaitLimit)

// without are the methods that do not wait, for those with a limit. If the method is "", a program may well call the one with
// a limit with zero: it has no other way to check without waiting.
var without = map[string]string{
	"TryLockFor":           "TryLock",
	"TryRLockFor":          "TryRLock",
	"TryUpgradableLockFor": "TryUpgradableLock",
	"TryUpgradeFor":        "TryUpgrade",
	"TryAcquireFor":        "TryAcquire",
	"TryWithFor":           "TryWith",
	"TryReadFor":           "TryRead",
	"WhenFor":              "",
	"WaitFor":              "",
	"ParkFor":              "",
}

// forever are the methods that wait without a limit.
var forever = map[string]string{
	"TryLockFor":           "Lock",
	"TryRLockFor":          "RLock",
	"TryUpgradableLockFor": "UpgradableLock",
	"TryUpgradeFor":        "Upgrade",
	"TryAcquireFor":        "Acquire",
	"TryWithFor":           "With",
	"TryReadFor":           "Read",
	"WhenFor":              "When",
	"WaitFor":              "Wait",
	"ParkFor":              "Park",
}

var limited = map[string]bool{"locks": true, "locks/guard": true, "locks/native": true, "locks/park": true, "locks/shared": true, "locks/spin": true, "locks/thread": true}

func runWaitLimit(pass *analysis.Pass) {
	info := pass.TypesInfo
	in := "" // the function
	inspectorOf(pass).Preorder([]ast.Node{(*ast.FuncDecl)(nil), (*ast.CallExpr)(nil)}, func(n ast.Node) {
		if fn, ok := n.(*ast.FuncDecl); ok {
			in = fn.Name.Name
			return
		}
		call := n.(*ast.CallExpr)
		m := calleeOf(info, call)
		if _, ok := without[m.name]; !ok || !limited[m.pkg] {
			return
		}
		arg := duration(info, call)
		if arg == nil || info.Types[arg].Value == nil {
			return
		}
		d, exact := constant.Int64Val(constant.ToInt(info.Types[arg].Value))
		_, plain := ast.Unparen(arg).(*ast.BasicLit)
		try := without[m.name]
		if m.typ == "Event" {
			try = "IsSet"
		}
		switch {
		case !exact, d == 0 && in == try: // one is built on the other
		case d < 0 && try != "":
			pass.ReportRangef(arg, "%s with a negative limit does not wait: call %s to wait for as long as it takes, or %s not to wait", m, forever[m.name], try)
		case d < 0:
			pass.ReportRangef(arg, "%s with a negative limit does not wait: call %s to wait for as long as it takes, or give 0 not to wait", m, forever[m.name])
		case d == 0 && m.typ == "Cond":
			pass.ReportRangef(arg, "%s with a limit of 0 waits for nothing: it only unlocks and locks", m)
		case d == 0 && m.typ == "" && m.name == "WaitFor":
			pass.ReportRangef(arg, "%s with a limit of 0 only compares: load the word instead", m)
		case d == 0 && try != "":
			diagnostic := analysis.Diagnostic{
				Pos: arg.Pos(), End: arg.End(),
				Message: fmt.Sprintf("%s with a limit of 0 does not wait: call %s", m, try),
			}
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && len(call.Args) == 1 {
				diagnostic.SuggestedFixes = []analysis.SuggestedFix{{
					Message:   "call " + try,
					TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: call.Rparen, NewText: []byte(try + "(")}},
				}}
			}
			pass.Report(diagnostic)
		case d > 1 && plain && d <= int64(10*time.Microsecond):
			pass.ReportRangef(arg, "%s waits for %d nanoseconds: give a unit, as in %d*time.Millisecond", m, d, d)
		}
	})
}

// duration returns the argument of a call that is a time.Duration.
func duration(info *types.Info, call *ast.CallExpr) ast.Expr {
	sig, ok := info.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	for i := range min(sig.Params().Len(), len(call.Args)) {
		if typeOf(sig.Params().At(i).Type()) == (method{pkg: "time", typ: "Duration"}) {
			return call.Args[i]
		}
	}
	return nil
}
