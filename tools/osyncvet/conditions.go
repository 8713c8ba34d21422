// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/cfg"
)

// assumptions returns what must be true when a block runs, according to the conditions on the only path to it.
func (f *flow) assumptions(b *cfg.Block) map[string]string {
	known := map[string]string{}
	for range f.graph.Blocks {
		if len(f.preds[b.Index]) != 1 {
			break
		}
		p := f.preds[b.Index][0]
		if c := f.cond(p); c.variable != "" && p.Succs[0] != p.Succs[1] {
			if _, ok := known[c.variable]; !ok {
				set(known, c, p.Succs[0] == b)
			}
		}
		b = p
	}
	return known
}

// set records that the path leads to Succs[0] of a block with the condition c, or to Succs[1].
func set(known map[string]string, c cond, first bool) {
	switch {
	case first != c.not:
		known[c.variable] = c.value
	case c.value == "true":
		known[c.variable] = "false"
	case c.value == "false":
		known[c.variable] = "true"
	default:
		known[c.variable+" != "+c.value] = "true"
	}
}

// A cond is a condition at the end of a block: that a variable has a value. Succs[0] is the block if it has the value, or
// if it does not. The names are "" if the block ends otherwise, or with another condition.
type cond struct {
	variable, value string
	not             bool
}

func (f *flow) cond(b *cfg.Block) cond {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return cond{}
	}
	x, ok := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	if !ok {
		return cond{}
	}
	if clause, ok := b.Succs[0].Stmt.(*ast.CaseClause); ok && b.Succs[0].Kind == cfg.KindSwitchCaseBody {
		if tag := f.lost.tags[clause]; tag != nil {
			return f.equal(tag, x, false)
		}
	}
	return f.condOf(x)
}

func (f *flow) condOf(x ast.Expr) cond {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if l, ok := lockOf(f.info, x); ok {
			return cond{l.key, "true", false}
		}
	case *ast.UnaryExpr:
		if x.Op != token.NOT {
			break
		}
		c := f.condOf(x.X)
		c.not = !c.not
		return c
	case *ast.BinaryExpr:
		switch x.Op {
		case token.EQL, token.NEQ:
			return f.equal(x.X, x.Y, x.Op == token.NEQ)
		}
		l, ok1 := f.term(x.X)
		r, ok2 := f.term(x.Y)
		if ok1 && ok2 {
			return cond{l + " " + x.Op.String() + " " + r, "true", false}
		}
	}
	return cond{}
}

func (f *flow) equal(x, y ast.Expr, not bool) cond {
	l, ok1 := f.term(x)
	r, ok2 := f.term(y)
	if !ok1 || !ok2 {
		return cond{}
	}
	return cond{l, r, not}
}

// term names an expression that always has the same value as long as nothing is assigned to it.
func (f *flow) term(x ast.Expr) (string, bool) {
	if tv := f.info.Types[x]; tv.Value != nil {
		return tv.Value.ExactString(), true
	} else if tv.IsNil() {
		return "nil", true
	}
	l, ok := lockOf(f.info, x)
	return l.key, ok
}
