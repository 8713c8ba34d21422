// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

var guardUse = newAnalyzer("guarduse", `report uses of package guard that break its rules

The functions that a guard.Mutex or guard.RWMutex calls run with the lock held. They must not use the lock itself, which
would wait for itself, and must not keep the pointer to the value. A condition must not change the value:

	g.With(func(v *int) {
		g.With(func(v *int) { *v++ }) // waits for itself
		kept = v                      // used without the lock later
	})
	g.When(func(v *int) bool { *v--; return *v == 0 }, f) // changes the value`, runGuardUse)

func runGuardUse(pass *analysis.Pass) {
	info := pass.TypesInfo
	inspectorOf(pass).Preorder([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node) {
		call := n.(*ast.CallExpr)
		m := calleeOf(info, call)
		if !guards(m) {
			return
		}
		g, ok := lockOf(info, ast.Unparen(call.Fun).(*ast.SelectorExpr).X)
		if !ok {
			g.key = "?"
		}
		conditions := strings.HasPrefix(m.name, "When")
		for _, arg := range call.Args {
			lit, ok := ast.Unparen(arg).(*ast.FuncLit)
			if !ok {
				continue
			}
			checkGuarded(pass, m, g, lit, conditions)
			conditions = false // the first function is one
		}
	})
}

// guards reports whether a method calls functions with the lock held.
func guards(m method) bool {
	return m.pkg == "locks/guard" && (m.typ == "Mutex" || m.typ == "RWMutex")
}

// checkGuarded checks a function that a method m of g calls.
func checkGuarded(pass *analysis.Pass, m method, g lock, lit *ast.FuncLit, condition bool) {
	info := pass.TypesInfo
	params := lit.Type.Params.List
	if len(params) == 0 {
		return
	}
	var value types.Object // the parameter, if that is a pointer
	if _, ok := info.TypeOf(params[0].Type).Underlying().(*types.Pointer); ok && len(params[0].Names) == 1 {
		value = info.Defs[params[0].Names[0]]
	}
	isValue := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && value != nil && info.Uses[id] == value
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			return false // it may run later
		case *ast.CallExpr:
			inner := calleeOf(info, n)
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && guards(inner) && !tryOnly(inner.name) {
				if l, ok := lockOf(info, sel.X); ok && l.key == g.key {
					pass.ReportRangef(n, "%s of %s in a function that %s of %s calls: it waits for itself; use the value that the function gets", inner.name, l.text, m, l.text)
				}
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) && isValue(n.Rhs[i]) && outside(info, lit, lhs) {
					pass.ReportRangef(n, "%s keeps the pointer to the value of a %s, which is used without the lock then: copy what it points to", types.ExprString(lhs), m.typeOnly())
				}
				if condition && n.Tok != token.DEFINE && changes(lhs, isValue) {
					pass.ReportRangef(n, "a condition of %s changes the value: change it in the other function, which runs when the condition holds", m)
				}
			}
		case *ast.SendStmt:
			if isValue(n.Value) {
				pass.ReportRangef(n, "this sends the pointer to the value of a %s, which is used without the lock then: send what it points to", m.typeOnly())
			}
		case *ast.IncDecStmt:
			if condition && changes(n.X, isValue) {
				pass.ReportRangef(n, "a condition of %s changes the value: change it in the other function, which runs when the condition holds", m)
			}
		}
		return true
	})
}

// tryOnly reports whether a method gives up after some time.
func tryOnly(name string) bool {
	return strings.HasPrefix(name, "Try") || strings.HasSuffix(name, "For")
}

// outside reports whether an expression is a variable, or a part of one, that is declared outside of a function.
func outside(info *types.Info, lit *ast.FuncLit, e ast.Expr) bool {
	l, ok := lockOf(info, e)
	return ok && (l.vars[0].Pos() < lit.Pos() || l.vars[0].Pos() > lit.End())
}

// changes reports whether an assignment to e changes the target of a pointer.
func changes(e ast.Expr, isPointer func(ast.Expr) bool) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		return isPointer(e.X)
	case *ast.SelectorExpr:
		return isPointer(e.X) || changes(e.X, isPointer)
	case *ast.IndexExpr:
		return isPointer(e.X) || changes(e.X, isPointer)
	}
	return false
}
