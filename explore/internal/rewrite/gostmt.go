// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// goStmt turns a go statement into a call of hook.Go. The function and its arguments are evaluated first, as the
// language requires.
//
//	go x.f(a, 1)   =>   hook.Go(func() func() { explore_f := x.f; explore_0 := a; return func() { explore_f(explore_0, 1) } }())
func (f *file) goStmt(s *ast.GoStmt) {
	call := s.Call
	if lit, ok := call.Fun.(*ast.FuncLit); ok && len(call.Args) == 0 && lit.Type.Results == nil {
		f.replace(s.Go, lit.Pos(), f.hook("Go")+"(")
		f.walk(lit)
		f.replace(lit.End(), call.End(), ")")
		return
	}
	f.replace(s.Go, call.Fun.Pos(), f.hook("Go")+"(func() func() { ")
	var fun string
	if f.static(call.Fun) {
		fun = f.moved(call.Fun, f.walk)
		f.replace(call.Fun.Pos(), call.Lparen+1, "")
	} else {
		fun = "explore_f"
		f.insert(call.Fun.Pos(), fun+" := ")
		f.walk(call.Fun)
		f.replace(call.Fun.End(), call.Lparen+1, "; ")
	}
	var args, names []string
	for i, arg := range call.Args {
		if f.constant(arg) {
			args = append(args, f.moved(arg, f.walk))
			continue
		}
		results := 1
		if tuple, ok := f.info.TypeOf(arg).(*types.Tuple); ok {
			results = tuple.Len()
		}
		for j := range results {
			names = append(names, fmt.Sprintf("explore_%d", i+j))
			args = append(args, names[len(names)-1])
		}
	}
	if len(call.Args) > 0 {
		if call.Ellipsis.IsValid() {
			args[len(args)-1] += "..."
		}
		f.arguments(call, names)
	}
	end := "return func() { " + fun + "(" + strings.Join(args, ", ") + ") } }())"
	last := call.Lparen + 1
	if n := len(call.Args); n > 0 {
		last = call.Args[n-1].End()
	}
	if len(names) > 0 {
		end = "; " + end
	}
	f.replace(last, call.End(), end)
}

// arguments assigns the arguments that must be evaluated first to variables, and leaves out the others.
func (f *file) arguments(call *ast.CallExpr, names []string) {
	if len(names) > 0 {
		f.insert(call.Args[0].Pos(), strings.Join(names, ", ")+" := ")
	}
	last := -1 // the last one that must be evaluated
	for i, arg := range call.Args {
		if !f.constant(arg) {
			last = i
		}
	}
	for i, arg := range call.Args {
		constant := f.constant(arg)
		if constant {
			f.replace(arg.Pos(), arg.End(), "")
		} else {
			f.walk(arg)
		}
		if i+1 < len(call.Args) {
			comma := ""
			if !constant && i < last {
				comma = ", "
			}
			f.replace(arg.End(), call.Args[i+1].Pos(), comma)
		}
	}
}

// static reports whether x denotes a declared or a built-in function.
func (f *file) static(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		switch f.info.Uses[x].(type) {
		case *types.Func, *types.Builtin:
			return true
		}
	case *ast.SelectorExpr:
		if sel := f.info.Selections[x]; sel != nil {
			return sel.Kind() == types.MethodExpr
		}
		_, fn := f.info.Uses[x.Sel].(*types.Func)
		_, builtin := f.info.Uses[x.Sel].(*types.Builtin)
		return fn || builtin
	case *ast.IndexExpr:
		return f.static(x.X)
	case *ast.IndexListExpr:
		return f.static(x.X)
	}
	return false
}

// constant reports whether x has the same value when the goroutine evaluates it, or gets its type from the parameter,
// so that a variable would have the wrong type.
func (f *file) constant(x ast.Expr) bool {
	tv := f.info.Types[x]
	if tv.Value != nil || tv.IsNil() || f.static(x) {
		return true
	}
	switch ast.Unparen(x).(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr:
		return untypedResult(ast.Unparen(x)) && tv.Type != types.Typ[types.Bool] && tv.Type != types.Typ[types.Int]
	}
	return false
}

// untypedResult reports whether x can be an untyped value: a comparison, or a shift of a constant.
func untypedResult(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.UnaryExpr:
		return x.Op != token.ARROW && x.Op != token.AND && untypedResult(x.X)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.SHL, token.SHR:
			return true
		}
		return untypedResult(x.X) && untypedResult(x.Y)
	case *ast.BasicLit:
		return true
	}
	return false
}
