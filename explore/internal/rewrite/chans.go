// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"strings"
)

// channel returns the type of the channel x, or nil if x is not a channel.
func (f *file) channel(x ast.Expr) *types.Chan {
	t := f.info.TypeOf(x)
	if t == nil {
		return nil
	}
	if p, ok := t.(*types.TypeParam); ok {
		return coreChannel(p)
	}
	c, _ := t.Underlying().(*types.Chan)
	return c
}

// coreChannel returns the channel type that all types of a type parameter share, whatever their direction, or nil.
func coreChannel(p *types.TypeParam) *types.Chan {
	var core *types.Chan
	constraint, _ := p.Constraint().Underlying().(*types.Interface)
	for i := range constraint.NumEmbeddeds() {
		union, ok := constraint.EmbeddedType(i).(*types.Union)
		if !ok {
			union = types.NewUnion([]*types.Term{types.NewTerm(false, constraint.EmbeddedType(i))})
		}
		for j := range union.Len() {
			c, ok := union.Term(j).Type().Underlying().(*types.Chan)
			if !ok || core != nil && !types.Identical(c.Elem(), core.Elem()) {
				return nil
			}
			core = c
		}
	}
	return core
}

// unary replaces a receive with one or two results.
func (f *file) unary(n *ast.UnaryExpr) bool {
	if n.Op != token.ARROW || f.channel(n.X) == nil {
		return true
	}
	name := "Recv"
	if _, ok := f.info.TypeOf(n).(*types.Tuple); ok {
		name = "Recv2"
	}
	f.replace(n.OpPos, n.OpPos+2, f.hook(name)+"(")
	f.walk(n.X)
	f.insert(n.X.End(), ")")
	return false
}

// commaOk looks for a receive whose second result is assigned to a variable of a named boolean type, to which a
// function's bool is not assignable.
func (f *file) commaOk(lhs, rhs []ast.Expr) {
	if len(lhs) != 2 || len(rhs) != 1 {
		return
	}
	if n, ok := ast.Unparen(rhs[0]).(*ast.UnaryExpr); ok && n.Op == token.ARROW && !f.takesBool(lhs[1]) {
		f.left(n.Pos(), "a receive whose ok is not of type bool")
		f.skip[n] = true
	}
}

// takesBool reports whether a bool can be assigned to x.
func (f *file) takesBool(x ast.Expr) bool {
	t := f.info.TypeOf(x)
	return t == nil || types.AssignableTo(types.Typ[types.Bool], t)
}

func (f *file) send(n *ast.SendStmt) {
	f.insert(n.Pos(), f.hook("To")+"(")
	f.walk(n.Chan)
	f.insert(n.Chan.End(), ")")
	f.replace(n.Arrow, n.Arrow+2, ".Send(")
	f.walk(n.Value)
	f.insert(n.Value.End(), ")")
}

// builtin replaces the built-in functions for channels.
func (f *file) builtin(n *ast.CallExpr) {
	name, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || len(n.Args) != 1 {
		return
	}
	if _, ok := f.info.Uses[name].(*types.Builtin); !ok || f.channel(n.Args[0]) == nil {
		return
	}
	if hooks := map[string]string{"close": "Close", "len": "Len", "cap": "Cap"}; hooks[name.Name] != "" {
		f.replace(name.Pos(), name.End(), f.hook(hooks[name.Name]))
	}
}

func (f *file) rangeStmt(n *ast.RangeStmt) {
	for _, x := range []ast.Expr{n.Key, n.Value} {
		if x != nil && n.Tok == token.ASSIGN {
			f.stored(x)
		}
	}
	_, array := underlying(f.info.TypeOf(n.X)).(*types.Array)
	switch {
	case f.channel(n.X) != nil && version.Compare(f.info.FileVersions[f.syntax], "go1.23") < 0:
		f.left(n.Pos(), "a range over a channel, in a file for Go before 1.23,")
		f.walk(n.X)
	case f.channel(n.X) != nil:
		f.insert(n.X.Pos(), f.hook("Range")+"(")
		f.walk(n.X)
		f.insert(n.X.End(), ")")
	case array && f.vars:
		f.address(n.X) // the length of an array is not a read of the array
	default:
		f.walk(n.X)
	}
	f.walk(n.Body)
}

// A comm is the communication of a case of a select statement: a send, or a receive. The default has neither.
type comm struct {
	send *ast.SendStmt
	recv *ast.UnaryExpr
	to   *ast.AssignStmt // assigns the values of recv, or nil
}

func communication(c *ast.CommClause) comm {
	switch s := c.Comm.(type) {
	case *ast.SendStmt:
		return comm{send: s}
	case *ast.ExprStmt:
		return comm{recv: ast.Unparen(s.X).(*ast.UnaryExpr)}
	case *ast.AssignStmt:
		return comm{recv: ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr), to: s}
	}
	return comm{}
}

// selectStmt turns a select statement into one switch statement, so that labels, break and goto keep their meaning. The
// channels and the values to send are evaluated before it.
func (f *file) selectStmt(n *ast.SelectStmt) bool {
	if len(n.Body.List) == 0 {
		// Like the statement, the loop never ends, so the function needs no return after it.
		f.replace(n.Pos(), n.End(), "for { "+f.hook("Select")+"(false) }")
		return false
	}
	for _, s := range n.Body.List {
		if c := communication(s.(*ast.CommClause)); c.to != nil && len(c.to.Lhs) == 2 && !f.takesBool(c.to.Lhs[1]) {
			f.left(s.Pos(), "a select with a receive whose ok is not of type bool")
			for _, s := range n.Body.List {
				if c := communication(s.(*ast.CommClause)); c.send != nil {
					f.skip[c.send] = true
				} else if c.recv != nil {
					f.skip[c.recv] = true
				}
			}
			return true
		}
	}
	var names, cases []string
	hasDefault := false
	for _, s := range n.Body.List {
		c := communication(s.(*ast.CommClause))
		var made string
		switch {
		case c.send != nil:
			made = f.hook("OnSend") + "(" + f.moved(c.send.Chan, f.walk) + ").With(" + f.moved(c.send.Value, f.walk) + ")"
		case c.recv != nil:
			made = f.hook("OnRecv") + "(" + f.moved(c.recv.X, f.walk) + ")"
		default:
			hasDefault = true
			continue
		}
		names = append(names, fmt.Sprint("explore_c", len(names)))
		cases = append(cases, made)
	}
	head := "switch "
	if len(names) > 0 {
		head += strings.Join(names, ", ") + " := " + strings.Join(cases, ", ") + "; " + f.at(n.Select)
	}
	head += f.hook("Select") + "(" + strings.Join(append([]string{fmt.Sprint(hasDefault)}, names...), ", ") + ") "
	f.replace(n.Select, n.Body.Lbrace, head)
	number := 0
	for _, s := range n.Body.List {
		clause := s.(*ast.CommClause)
		if clause.Comm != nil {
			f.clause(clause, number)
			number++
		}
		f.statements(clause.Body)
		walkAll(f, clause.Body)
	}
	if !hasDefault {
		// A switch statement is a terminating statement only with a default, whereas the select was one without it.
		f.insert(n.Body.Rbrace, `; default: panic("explore: no case of a select") `)
	}
	return false
}

// clause replaces the source from "case" to the colon.
func (f *file) clause(n *ast.CommClause, number int) {
	head := fmt.Sprintf("case %d:", number)
	if to := communication(n).to; to != nil {
		var lhs []string
		for _, x := range to.Lhs {
			lhs = append(lhs, f.moved(x, func(ast.Node) { f.stored(x) }))
		}
		value := ".Value();"
		if len(lhs) == 2 {
			value = ".Value2();"
		}
		head += fmt.Sprint(" ", strings.Join(lhs, ", "), " ", to.Tok, " explore_c", number, value)
	}
	f.replace(n.Case, n.Colon+1, head)
}
