// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// Accesses to variables that goroutines can share are recorded: package-level variables, variables that a closure
// captures or whose address is taken, and whatever is behind a pointer or in a slice.
//
//	x.f          =>   (*hook.R(&x.f))
//	x.f = v      =>   (*hook.W(&x.f)) = v
//	x.f = g()    =>   { w := &x.f; *w = g(); hook.W(w) }, as g can block, and the store follows
//
// Not recorded are the elements of maps, the reads of a slice by a range clause, results that a return statement
// stores, variables of other packages, and variables that := assigns to again.

// variable adds the edits for a read of an expression that may be a variable.
func (f *file) variable(x ast.Expr) {
	if f.shared(x) {
		f.access(x, "R")
	} else {
		f.address(x)
	}
}

func (f *file) access(x ast.Expr, hook string) {
	f.insert(x.Pos(), "(*"+f.hook(hook)+"(&")
	f.address(x)
	f.insert(x.End(), "))")
}

// address adds the edits for the reads that locate the variable x.
func (f *file) address(x ast.Expr) {
	inner := func(x ast.Expr, inside bool) {
		if inside && f.info.Types[x].Addressable() {
			f.address(x)
		} else {
			f.walk(x)
		}
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		f.address(x.X)
	case *ast.Ident:
		f.ident(x)
	case *ast.SelectorExpr:
		sel := f.info.Selections[x]
		if sel == nil {
			f.selector(x)
			return
		}
		inner(x.X, !isPointer(f.info.TypeOf(x.X)) && (sel.Kind() == types.FieldVal || pointerReceiver(sel)))
	case *ast.IndexExpr:
		_, array := underlying(f.info.TypeOf(x.X)).(*types.Array)
		inner(x.X, array)
		f.walk(x.Index)
	case *ast.StarExpr:
		f.walk(x.X)
	default:
		f.walk(x)
	}
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func isPointer(t types.Type) bool {
	_, ok := underlying(t).(*types.Pointer)
	return ok
}

// pointerReceiver reports whether a method takes the address of the variable that it is called on.
func pointerReceiver(sel *types.Selection) bool {
	fn, ok := sel.Obj().(*types.Func)
	return ok && fn.Signature().Recv() != nil && isPointer(fn.Signature().Recv().Type())
}

// shared reports whether x is a variable that goroutines can share.
func (f *file) shared(x ast.Expr) bool {
	tv := f.info.Types[x]
	if f.quiet || !tv.Addressable() || f.synchronizes(tv.Type) {
		return false
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return f.shared(x.X)
	case *ast.Ident:
		v, ok := f.info.Uses[x].(*types.Var)
		return ok && !v.IsField() && v.Pkg() == f.pkg && (v.Parent() == f.pkg.Scope() || f.escapes[v])
	case *ast.SelectorExpr:
		sel := f.info.Selections[x]
		return sel != nil && sel.Kind() == types.FieldVal && (sel.Indirect() || f.shared(x.X))
	case *ast.IndexExpr:
		switch underlying(f.info.TypeOf(x.X)).(type) {
		case *types.Slice, *types.Pointer:
			return true
		case *types.Array:
			return f.shared(x.X)
		}
	case *ast.StarExpr:
		return true
	}
	return false
}

// synchronizes reports whether values of type t are for synchronization: the explorer sees their operations.
func (f *file) synchronizes(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return strings.HasPrefix(path, "sync") && f.repl.has(path, named.Obj().Name())
}

// addressOf adds the edits for the operand of &.
func (f *file) addressOf(n *ast.UnaryExpr) {
	if f.info.Types[n.X].Addressable() {
		f.address(n.X)
	} else {
		f.walk(n.X)
	}
}

// slice adds the edits for a slice expression, which takes the address of an array.
func (f *file) slice(n *ast.SliceExpr) {
	if _, array := underlying(f.info.TypeOf(n.X)).(*types.Array); array {
		f.address(n.X)
	} else {
		f.walk(n.X)
	}
	for _, x := range []ast.Expr{n.Low, n.High, n.Max} {
		if x != nil {
			f.walk(x)
		}
	}
}

// stored adds the edits for the destination of a store, if no call computes the stored value.
func (f *file) stored(x ast.Expr) {
	switch {
	case f.info.TypeOf(x) == nil: // the blank identifier
	case f.vars && f.shared(x):
		f.access(x, "W")
	case f.vars:
		f.address(x)
	default:
		f.walk(x)
	}
}

// assign adds the edits for an assignment.
func (f *file) assign(n *ast.AssignStmt) {
	f.commaOk(n.Lhs, n.Rhs)
	if n.Tok == token.DEFINE {
		walkAll(f, n.Rhs)
		return
	}
	shares, calls := false, false
	for _, x := range n.Lhs {
		shares = shares || f.vars && f.shared(x)
	}
	for _, x := range n.Rhs {
		calls = calls || f.calls(x)
	}
	switch {
	case !shares || !calls:
		for _, x := range n.Lhs {
			f.stored(x)
		}
		walkAll(f, n.Rhs)
	case f.inBlock[n]:
		f.assignCall(n)
	default:
		for _, x := range n.Lhs {
			f.address(x)
		}
		walkAll(f, n.Rhs)
	}
}

// assignCall adds the edits for an assignment that is recorded after it has been made.
func (f *file) assignCall(n *ast.AssignStmt) {
	var names, addresses, to []string
	notes := ""
	for _, x := range n.Lhs {
		moved := f.moved(x, func(ast.Node) { f.address(x) })
		if !f.shared(x) {
			to = append(to, moved)
			continue
		}
		name := fmt.Sprint("explore_w", len(names))
		names = append(names, name)
		addresses = append(addresses, "&"+moved)
		to = append(to, "*"+name)
		notes += "; " + f.hook("W") + "(" + name + ")"
	}
	f.replace(n.Pos(), n.TokPos, "{ "+strings.Join(names, ", ")+" := "+strings.Join(addresses, ", ")+"; "+strings.Join(to, ", ")+" ")
	walkAll(f, n.Rhs)
	f.insert(n.End(), notes+" }")
}

// calls reports whether x contains a call or a receive, in which the goroutine can block.
func (f *file) calls(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			tv := f.info.Types[n.Fun]
			found = found || !tv.IsType() && !tv.IsBuiltin()
		}
		return !found
	})
	return found
}

// statements records that these are in a block, where a block may replace each.
func (f *file) statements(list []ast.Stmt) {
	for _, s := range list {
		f.inBlock[s] = true
		if l, ok := s.(*ast.LabeledStmt); ok {
			f.statements([]ast.Stmt{l.Stmt})
		}
	}
}

var noNotes = regexp.MustCompile(`(?m)^//go:(norace|nosplit|nowritebarrier|uintptrescapes|linkname)\b`)

// quietly reports whether accesses in n are not recorded: in functions whose directives forbid calls, or declare that
// their accesses are not races.
func quietly(n *ast.FuncDecl) bool {
	if n.Doc != nil {
		for _, c := range n.Doc.List {
			if noNotes.MatchString(c.Text) {
				return true
			}
		}
	}
	return false
}

// walkQuietly walks n without recording accesses, for instance for an expression whose value the compiler needs.
func (f *file) walkQuietly(n ast.Node) {
	was := f.quiet
	f.quiet = true
	f.walk(n)
	f.quiet = was
}

// escapes returns the local variables that closures use, or whose address is taken.
func (u *unit) escapes() map[*types.Var]bool {
	escapes := map[*types.Var]bool{}
	owner := map[types.Object]ast.Node{}
	var functions []ast.Node
	take := func(x ast.Expr) {
		if v := u.root(x); v != nil {
			escapes[v] = true
		}
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		if implicit := u.info.Implicits[n]; implicit != nil && len(functions) > 0 {
			owner[implicit] = functions[len(functions)-1]
		}
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if len(functions) > 0 && functions[len(functions)-1] == n {
				return true
			}
			functions = append(functions, n)
			ast.Inspect(n, visit)
			functions = functions[:len(functions)-1]
			return false
		case *ast.Ident:
			if len(functions) == 0 {
				return true
			}
			in := functions[len(functions)-1]
			if def := u.info.Defs[n]; def != nil {
				owner[def] = in
			} else if v, ok := u.info.Uses[n].(*types.Var); ok && owner[v] != nil && owner[v] != in {
				escapes[v] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				take(n.X)
			}
		case *ast.SliceExpr:
			if _, array := underlying(u.info.TypeOf(n.X)).(*types.Array); array {
				take(n.X)
			}
		case *ast.SelectorExpr:
			if sel := u.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && pointerReceiver(sel) && !isPointer(sel.Recv()) {
				take(n.X)
			}
		}
		return true
	}
	for _, f := range u.files {
		ast.Inspect(f.syntax, visit)
	}
	return escapes
}

// root returns the local variable that contains x, or nil.
func (u *unit) root(x ast.Expr) *types.Var {
	for {
		switch e := x.(type) {
		case *ast.ParenExpr:
			x = e.X
		case *ast.SelectorExpr:
			sel := u.info.Selections[e]
			if sel == nil || sel.Kind() != types.FieldVal || sel.Indirect() {
				return nil
			}
			x = e.X
		case *ast.IndexExpr:
			if _, array := underlying(u.info.TypeOf(e.X)).(*types.Array); !array {
				return nil
			}
			x = e.X
		case *ast.Ident:
			v, _ := u.info.Uses[e].(*types.Var)
			return v
		default:
			return nil
		}
	}
}
