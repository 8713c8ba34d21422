// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An operator makes mutants of one kind.
type operator struct {
	name, doc string
	find      func(s *source, n ast.Node) // adds the mutants of n to s
}

// operators are all operators. If two make the same code, the first counts.
var operators = []operator{
	{"drop-statement", "leaves a statement out", dropStatement},
	{"condition", "negates a condition, or makes it true or false", condition},
	{"logic", "takes && for || and the reverse, or leaves an operand out", logic},
	{"comparison", "takes < for <=, == for !=, and the like", comparison},
	{"mask", "leaves an operand of |, &, &^ or ^ out", mask},
	{"bit", "adds a bit to a mask", bit},
	{"arithmetic", "takes + for -, ++ for --, and the reverse", arithmetic},
	{"constant", "takes the next or the last constant of an enumeration", enumeration},
	{"atomic-constant", "changes a constant operand of an atomic operation by one", atomicConstant},
	{"cas-ignored", "stores instead of comparing and swapping, and reports success", casIgnored},
	{"cas-fails", "lets a compare-and-swap outside of loops fail at first", casFails},
	{"load-cached", "loads a word once before a loop, not in each round", loadCached},
	{"rmw-split", "makes a load and a store of an atomic Add, And, Or or Swap", rmwSplit},
	{"other-call", "calls a sibling: Push for PushFront, Signal for Broadcast", otherCall},
	{"repeat-call", "wakes twice", repeatCall},
	{"swap-statements", "swaps two neighboring statements", swapStatements},
	{"return-early", "returns before a statement", returnEarly},
	{"result", "inverts a bool", result},
	{"branch", "takes break for continue and the reverse", branch},
}

func dropStatement(s *source, n ast.Node) {
	if _, ok := s.parent().(*ast.LabeledStmt); ok || !droppable(n) {
		return
	}
	lines := strings.Count(s.src(n), "\n") // so that the rest keeps its line numbers
	s.add(n, "", s.edit(n, strings.Repeat("\n", lines)))
}

// droppable reports whether n is a simple statement that declares nothing.
func droppable(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt, *ast.ReturnStmt, *ast.BranchStmt:
		return true
	case *ast.AssignStmt:
		return n.Tok != token.DEFINE
	}
	return false
}

func condition(s *source, n ast.Node) {
	var conditions []ast.Expr
	switch n := n.(type) {
	case *ast.IfStmt:
		conditions = []ast.Expr{n.Cond}
	case *ast.ForStmt:
		if n.Cond == nil {
			return
		}
		conditions = []ast.Expr{n.Cond}
	case *ast.SwitchStmt:
		if n.Tag != nil {
			return
		}
		for _, clause := range n.Body.List {
			conditions = append(conditions, clause.(*ast.CaseClause).List...)
		}
	}
	for _, c := range conditions {
		s.replace(c, s.negation(c))
		s.replace(c, "true")
		s.replace(c, "false")
	}
}

// negation returns the text of !e.
func (s *source) negation(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return s.src(e.X)
		}
	case *ast.BinaryExpr:
		if op, ok := opposites[e.Op]; ok {
			return s.with(e, op)
		}
	case *ast.Ident:
		switch e.Name {
		case "true":
			return "false"
		case "false":
			return "true"
		}
		return "!" + e.Name
	case *ast.CallExpr, *ast.ParenExpr, *ast.SelectorExpr:
		return "!" + s.src(e)
	}
	return "!(" + s.src(e) + ")"
}

// with returns the text of e with another operator.
func (s *source) with(e *ast.BinaryExpr, op token.Token) string {
	from, end := s.offset(e.Pos()), s.offset(e.End())
	at := s.offset(e.OpPos)
	return string(s.text[from:at]) + op.String() + string(s.text[at+len(e.Op.String()):end])
}

var opposites = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.GEQ, token.GEQ: token.LSS,
	token.GTR: token.LEQ, token.LEQ: token.GTR,
}

func logic(s *source, n ast.Node) {
	e, ok := n.(*ast.BinaryExpr)
	if !ok || e.Op != token.LAND && e.Op != token.LOR {
		return
	}
	other := token.LAND
	if e.Op == token.LAND {
		other = token.LOR
	}
	text := s.src(e.X) + " " + other.String() + " " + s.src(e.Y)
	s.add(e, text, s.edit(e, "("+text+")"))
	s.replace(e, s.src(e.X))
	s.replace(e, s.src(e.Y))
}

// neighbors of a comparison differ from it when the operands are equal.
var neighbors = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS,
	token.GTR: token.GEQ, token.GEQ: token.GTR,
}

func comparison(s *source, n ast.Node) {
	if e, ok := n.(*ast.BinaryExpr); ok {
		if op, ok := opposites[e.Op]; ok {
			s.replace(e, s.with(e, op))
		}
		if op, ok := neighbors[e.Op]; ok {
			s.replace(e, s.with(e, op))
		}
	}
}

func mask(s *source, n ast.Node) {
	e, ok := n.(*ast.BinaryExpr)
	if !ok || !s.isInteger(e) {
		return
	}
	switch e.Op {
	case token.OR, token.XOR:
		s.replace(e, s.src(e.X))
		s.replace(e, s.src(e.Y))
	case token.AND, token.AND_NOT:
		s.replace(e, s.src(e.X))
	}
}

// bit adds each missing flag to each constant that is made of flags. Flags are the powers of two in a
// group of constants with a shift in it.
func bit(s *source, n ast.Node) {
	e, ok := n.(ast.Expr)
	if !ok || s.flags(e) == nil {
		return
	}
	if p, ok := s.parent().(ast.Expr); ok && s.flags(p) != nil {
		return // of the whole mask
	}
	if sel, ok := s.parent().(*ast.SelectorExpr); ok && sel.Sel == e {
		return
	}
	has := s.flags(e)
	for _, flag := range s.groupOf[has[0]] {
		if s.isFlag[flag] && !slices.Contains(has, flag) {
			text := s.src(e) + "|" + flag.Name()
			s.add(e, text, s.edit(e, "("+text+")"))
		}
	}
}

// flags returns the flags that | combines in e, or nil.
func (s *source) flags(e ast.Expr) []*types.Const {
	switch e := e.(type) {
	case *ast.Ident:
		if c, ok := s.info.Uses[e].(*types.Const); ok && s.isFlag[c] {
			return []*types.Const{c}
		}
	case *ast.ParenExpr:
		return s.flags(e.X)
	case *ast.BinaryExpr:
		x, y := s.flags(e.X), s.flags(e.Y)
		if e.Op == token.OR && x != nil && y != nil && s.sameGroup(x[0], y[0]) {
			return slices.Concat(x, y)
		}
	}
	return nil
}

func (s *source) sameGroup(a, b *types.Const) bool { return slices.Contains(s.groupOf[a], b) }

func (s *source) isInteger(e ast.Expr) bool {
	t := s.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func (s *source) isBool(e ast.Expr) bool {
	t := s.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func arithmetic(s *source, n ast.Node) {
	swapped := map[token.Token]token.Token{
		token.ADD: token.SUB, token.SUB: token.ADD, token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN,
		token.INC: token.DEC, token.DEC: token.INC,
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if op, ok := swapped[n.Op]; ok && s.isInteger(n) {
			s.replace(n, s.with(n, op))
		}
	case *ast.AssignStmt:
		if op, ok := swapped[n.Tok]; ok && s.isInteger(n.Lhs[0]) {
			s.replace(n, s.src(n.Lhs[0])+" "+op.String()+" "+s.src(n.Rhs[0]))
		}
	case *ast.IncDecStmt:
		s.replace(n, s.src(n.X)+swapped[n.Tok].String())
	}
}

// enumeration uses neighbors in a group of constants that are not flags.
func enumeration(s *source, n ast.Node) {
	id, ok := n.(*ast.Ident)
	if !ok {
		return
	}
	c, ok := s.info.Uses[id].(*types.Const)
	if !ok {
		return
	}
	group := s.groupOf[c]
	if i := slices.Index(group, c); i >= 0 && len(group) > 1 && !s.hasFlags(group) {
		s.replace(id, group[(i+1)%len(group)].Name())
		s.replace(id, group[(i+len(group)-1)%len(group)].Name())
	}
}

func (s *source) hasFlags(group []*types.Const) bool {
	return slices.ContainsFunc(group, func(c *types.Const) bool { return s.isFlag[c] })
}

func result(s *source, n ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		if _, ok := s.info.Uses[n].(*types.Const); ok && s.info.Uses[n].Pkg() == nil && (n.Name == "true" || n.Name == "false") {
			s.replace(n, s.negation(n))
		}
	case *ast.ReturnStmt:
		for _, e := range n.Results {
			if s.isBool(e) {
				s.replace(e, s.negation(e))
			}
		}
	}
}
