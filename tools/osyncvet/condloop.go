// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/cfg"
)

var condLoop = newAnalyzer("condloop", `report a wait for a condition that is not in a loop

When Wait returns the condition may not hold: another goroutine may have come first, and the waits of native.Cond, shared.Cond,
pthread.Cond and package park may also end for no reason. So the condition has to be looked at again:

	for !ready { // not: if !ready
		c.Wait()
	}

A Wait that is neither in a loop nor under an if is reported for native.Cond, shared.Cond and pthread.Cond, if
the function also locks something: one that does not may be called in a loop.`, runCondLoop, ctrlflow.Analyzer)

// waits are the calls that belong in a loop; the value is true for those that may end spuriously.
var waits = map[method]bool{
	{"sync", "Cond", "Wait"}:                   false,
	{"locks", "Cond", "Wait"}:                  false,
	{"locks", "Cond", "WaitFor"}:               false,
	{"locks", "Cond", "WaitContext"}:           false,
	{"locks", "Cond", "WaitLimit"}:             false,
	{"locks/native", "Cond", "Wait"}:           true,
	{"locks/native", "Cond", "WaitFor"}:        true,
	{"locks/shared", "Cond", "Wait"}:           true,
	{"locks/shared", "Cond", "WaitFor"}:        true,
	{"locks/shared", "Cond", "WaitContext"}:    true,
	{"pthread", "Cond", "Wait"}:                true,
	{"pthread", "Cond", "TimedWait"}:           true,
	{"pthread", "Cond", "TimedWaitRelativeNP"}: true,
	{"pthread", "Cond", "ClockWait"}:           true,
	{"locks/park", "", "Wait"}:                 false, // it may be the inside of a condition, whose callers loop
	{"locks/park", "", "WaitFor"}:              false,
	{"locks/park", "", "WaitContext"}:          false,
	{"locks/park", "", "WaitLimit"}:            false,
}

func runCondLoop(pass *analysis.Pass) {
	graphs := pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)
	inspectorOf(pass).WithStack([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node, push bool, stack []ast.Node) bool {
		if !push {
			return false
		}
		call := n.(*ast.CallExpr)
		m := calleeOf(pass.TypesInfo, call)
		spurious, ok := waits[m]
		if !ok {
			return true
		}
		var graph *cfg.CFG
		var body *ast.BlockStmt
		var branch *ast.IfStmt // the innermost one whose body holds the call
		for i := len(stack) - 2; i >= 0 && body == nil; i-- {
			switch s := stack[i].(type) {
			case *ast.FuncDecl:
				graph, body = graphs.FuncDecl(s), s.Body
			case *ast.FuncLit:
				graph, body = graphs.FuncLit(s), s.Body
			case *ast.IfStmt:
				if branch == nil && stack[i+1] == s.Body {
					branch = s
				}
			}
		}
		if graph == nil || repeats(graph, call) {
			return true
		}
		if branch != nil && branch.Else == nil && !leaves(branch) && (locks(body) || goesOn(stack, branch) || watches(pass.TypesInfo, m, call, branch)) {
			d := analysis.Diagnostic{
				Pos: call.Pos(), End: call.End(),
				Message: m.String() + " in an if: when it returns the condition may not hold; write \"for\" in place of \"if\", so that it is looked at again",
			}
			if only, ok := branch.Body.List[0].(*ast.ExprStmt); ok && len(branch.Body.List) == 1 && only.X == call && branch.Init == nil {
				d.SuggestedFixes = []analysis.SuggestedFix{{
					Message:   `write "for" in place of "if"`,
					TextEdits: []analysis.TextEdit{{Pos: branch.If, End: branch.If + token.Pos(len("if")), NewText: []byte("for")}},
				}}
			}
			pass.Report(d)
		} else if branch == nil && spurious && locks(body) {
			pass.ReportRangef(call, "%s outside of a loop: it may return though nothing has happened; call it in a loop that looks at the condition", m)
		}
		return true
	})
}

// repeats reports whether a call may run again after it has run.
func repeats(graph *cfg.CFG, call *ast.CallExpr) bool {
	for _, b := range graph.Blocks {
		for _, n := range b.Nodes {
			if n.Pos() <= call.Pos() && call.End() <= n.End() {
				if !b.Live {
					return true // dead code
				}
				seen := map[*cfg.Block]bool{}
				return reaches(b, b, seen)
			}
		}
	}
	return true // not found: not in a statement that runs
}

func reaches(from, to *cfg.Block, seen map[*cfg.Block]bool) bool {
	for _, s := range from.Succs {
		if s == to {
			return true
		}
		if !seen[s] {
			seen[s] = true
			if reaches(s, to, seen) {
				return true
			}
		}
	}
	return false
}

// locks reports whether a function calls Lock on something. A function that does not may be a part of a loop that is elsewhere.
func locks(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && ops[sel.Sel.Name].acquires != none {
				found = true
			}
		}
		return !found
	})
	return found
}

// leaves reports whether the body of an if statement ends with a jump.
func leaves(branch *ast.IfStmt) bool {
	switch branch.Body.List[len(branch.Body.List)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// goesOn reports whether statements follow an if statement.
func goesOn(stack []ast.Node, branch *ast.IfStmt) bool {
	for i, n := range stack {
		if n != branch || i == 0 {
			continue
		}
		block, ok := stack[i-1].(*ast.BlockStmt)
		if !ok || block.List[len(block.List)-1] == branch {
			return false
		}
		return true
	}
	return false
}

// watches reports whether the condition of an if looks at the word of a park.Wait.
func watches(info *types.Info, m method, call *ast.CallExpr, branch *ast.IfStmt) bool {
	return m.pkg == "locks/park" && mentions(info, branch.Cond, call)
}

// mentions reports whether n names the word of a park.Wait, except in the call itself.
func mentions(info *types.Info, n ast.Node, call *ast.CallExpr) (found bool) {
	var word types.Object
	for _, arg := range call.Args {
		if l, ok := lockOf(info, arg); ok && typeOf(deref(info.TypeOf(arg))) == (method{pkg: "sync/atomic", typ: "Uint32"}) {
			word = l.last
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && word != nil {
			v, ok := info.Uses[id].(*types.Var)
			found = found || ok && v.Origin() == word && (id.Pos() < call.Pos() || id.Pos() > call.End())
		}
		return !found && n != call
	})
	return found
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
