// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"
)

var relock = newAnalyzer("relock", `report a lock that is locked again while it is held

A goroutine that locks a Mutex twice waits for itself. Two RLocks are as bad, though they seem to work: a writer that
comes between waits for the first one, and the second one waits for the writer.

	rw.RLock()
	n := s.len()
	rw.RLock() // waits for a writer that waits for the first RLock

The analyzer follows the paths through a function, and looks into functions of the same package that begin with a Lock of
a lock of their receiver or parameter. It reports a path without an unlock in between.`, runRelock, summaries, ctrlflow.Analyzer)

// An event is something on a path through a function that matters to relock.
type event struct {
	node ast.Node

	// an operation on a lock
	method method
	op     op
	lock   lock

	assigned types.Object // a variable or field that gets another value here
	value    string       // the new value, if that is true or false

	call   *ast.CallExpr // a call of another function
	callee *types.Func   // if that is known

	escapes bool // lock may be released in a way that cannot be followed
}

// A flow holds what relock knows of a function.
type flow struct {
	pass   *analysis.Pass
	info   *types.Info
	graph  *cfg.CFG
	events [][]event // of each block
	preds  [][]*cfg.Block
	self   ast.Node // the function
	lost   *lost    // of its declaration
}

// An entry is a lock that a function locks before it does anything else that matters: the lock of its receiver
// (param -1), of a parameter, or of a variable of the package (-2).
type entry struct {
	param int
	rest  string // the key of the lock without its first variable
	lock  lock
	op    op
}

func runRelock(pass *analysis.Pass) {
	graphs := pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)
	entries := map[*types.Func]entry{}
	var flows []*flow
	var l *lost // of the declaration
	nodes := []ast.Node{(*ast.FuncDecl)(nil), (*ast.GenDecl)(nil), (*ast.FuncLit)(nil)}
	inspectorOf(pass).Preorder(nodes, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.GenDecl:
			if l == nil || n.Pos() > l.end {
				l = lose(pass.TypesInfo, n)
			}
		case *ast.FuncDecl:
			l = lose(pass.TypesInfo, n)
			if graph := graphs.FuncDecl(n); graph != nil {
				f := newFlow(pass, graph, n, l)
				flows = append(flows, f)
				if fn, ok := pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
					if e, ok := f.entry(fn); ok {
						entries[fn] = e
					}
				}
			}
		case *ast.FuncLit:
			flows = append(flows, newFlow(pass, graphs.FuncLit(n), n, l))
		}
	})
	sum := summariesOf(pass)
	for _, f := range flows {
		reported := map[token.Pos]bool{}
		for b, events := range f.events {
			for i, e := range events {
				held := e.op.acquires
				if e.op.try {
					continue
				}
				if held == none {
					held = e.op.becomes
				}
				if held == none || e.escapes || f.hidden(e.lock) {
					continue
				}
				w := &pathWalk{f: f, sum: sum, entries: entries, from: e, held: held, reported: reported, seen: map[string]bool{}}
				w.walk(f.graph.Blocks[b], i+1, f.assumptions(f.graph.Blocks[b]))
			}
		}
	}
}

func newFlow(pass *analysis.Pass, graph *cfg.CFG, self ast.Node, l *lost) *flow {
	f := &flow{
		pass: pass, info: pass.TypesInfo, graph: graph,
		events: make([][]event, len(graph.Blocks)),
		preds:  make([][]*cfg.Block, len(graph.Blocks)),
		self:   self,
		lost:   l,
	}
	for i, b := range graph.Blocks {
		if !b.Live {
			continue
		}
		for _, s := range b.Succs {
			f.preds[s.Index] = append(f.preds[s.Index], b)
		}
		if r, ok := b.Stmt.(*ast.RangeStmt); ok && b.Kind == cfg.KindRangeBody {
			f.assign(i, r.Key, nil)
			f.assign(i, r.Value, nil)
		}
		for _, n := range b.Nodes {
			f.note(i, n)
		}
	}
	return f
}

// A lost holds what cannot be followed in a declaration: locks whose addresses are taken, and those that closures release
// without having locked them.
type lost struct {
	end   token.Pos
	taken map[types.Object]bool
	by    map[types.Object][]ast.Node  // the closures
	tags  map[*ast.CaseClause]ast.Expr // of the switch of a clause; nil if that has no tag
}

func lose(info *types.Info, decl ast.Node) *lost {
	l := &lost{decl.End(), map[types.Object]bool{}, map[types.Object][]ast.Node{}, map[*ast.CaseClause]ast.Expr{}}
	deferred := map[*ast.FuncLit]bool{}
	calls := map[ast.Node]bool{}
	acquired := map[types.Object][]ast.Node{}
	ast.PreorderStack(decl, nil, func(n ast.Node, stack []ast.Node) bool {
		switch n := n.(type) {
		case *ast.SwitchStmt:
			for _, c := range n.Body.List {
				l.tags[c.(*ast.CaseClause)] = n.Tag
			}
		case *ast.DeferStmt:
			if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
				deferred[lit] = true
			}
		case *ast.CallExpr:
			calls[ast.Unparen(n.Fun)] = true
		case *ast.SelectorExpr:
			_, o, on, ok := lockMethod(info, n)
			if !ok {
				break
			}
			owner := decl
			for _, s := range stack {
				if lit, ok := s.(*ast.FuncLit); ok && !deferred[lit] {
					owner = lit
				}
			}
			switch {
			case !calls[n] && o.acquires == none:
				l.taken[on.last] = true
			case o.acquires != none:
				acquired[on.last] = append(acquired[on.last], owner)
			default:
				l.by[on.last] = append(l.by[on.last], owner)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				if on, ok := lockOf(info, n.X); ok && lockTypes[typeOf(info.TypeOf(n.X))] {
					l.taken[on.last] = true
				}
			}
		}
		return true
	})
	for o, owners := range l.by {
		l.by[o] = slices.DeleteFunc(owners, func(n ast.Node) bool { return slices.Contains(acquired[o], n) })
	}
	return l
}

// hidden reports whether a lock cannot be followed in a function.
func (f *flow) hidden(l lock) bool {
	return f.lost.taken[l.last] || slices.ContainsFunc(f.lost.by[l.last], func(n ast.Node) bool { return n != f.self })
}

// typeOf returns the name of a type in the form of lockTypes.
func typeOf(t types.Type) method {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil {
		return method{pkg: strings.TrimPrefix(n.Obj().Pkg().Path(), module), typ: n.Obj().Name()}
	}
	return method{}
}

// note appends the events of a node to those of its block.
func (f *flow) note(block int, n ast.Node) {
	switch n := n.(type) {
	case *ast.DeferStmt: // runs at the end
		return
	case *ast.GoStmt:
		return
	case *ast.AssignStmt:
		noteAssign(f, block, n.Lhs, n.Rhs)
		return
	case *ast.IncDecStmt:
		f.assign(block, n.X, nil)
		return
	case *ast.ValueSpec:
		noteAssign(f, block, n.Names, n.Values)
		return
	}
	f.noteExpr(block, n)
}

// noteAssign records that variables get values: one value each, or those of one call.
func noteAssign[X ast.Expr](f *flow, block int, variables []X, values []ast.Expr) {
	for _, x := range values {
		f.noteExpr(block, x)
	}
	for i, x := range variables {
		if len(variables) == len(values) {
			f.assign(block, x, values[i])
		} else {
			f.assign(block, x, nil)
		}
	}
}

// assign records that x gets a value.
func (f *flow) assign(block int, x, value ast.Expr) {
	if x == nil {
		return
	}
	if _, ok := x.(*ast.Ident); !ok {
		f.noteExpr(block, x)
	}
	l, ok := lockOf(f.info, x)
	if !ok {
		return
	}
	e := event{node: x, assigned: l.last}
	if value != nil {
		if tv := f.info.Types[value]; tv.Value != nil && tv.Value.Kind() == constant.Bool {
			e.value = tv.Value.String()
		}
	}
	f.events[block] = append(f.events[block], e)
}

// noteExpr appends the calls in n, the inner ones first.
func (f *flow) noteExpr(block int, n ast.Node) {
	if n == nil {
		return
	}
	var calls []*ast.CallExpr
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			calls = append(calls, n)
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok { // called here
				f.noteLit(block, lit)
			}
		}
		return true
	})
	slices.Reverse(calls)
	for _, call := range calls {
		e := event{node: call, call: call}
		if m, o, l, ok := lockOp(f.info, call); ok {
			e.method, e.op, e.lock = m, o, l
		} else {
			e.callee, _ = typeutil.Callee(f.info, call).(*types.Func)
			if e.callee != nil {
				e.callee = e.callee.Origin()
			}
		}
		f.events[block] = append(f.events[block], e)
	}
}

// noteLit records that the locks of a literal that is called at once are not followed through it.
func (f *flow) noteLit(block int, lit *ast.FuncLit) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if m, o, l, ok := lockMethod(f.info, sel); ok {
				f.events[block] = append(f.events[block], event{node: sel, method: m, op: op{releases: o.releases}, lock: l, escapes: true})
			}
		}
		return true
	})
}

// entry returns the lock that a function locks first.
func (f *flow) entry(fn *types.Func) (entry, bool) {
	sig := fn.Signature()
	b := f.graph.Blocks[0]
	for range f.graph.Blocks {
		for _, e := range f.events[b.Index] {
			switch {
			case e.op.acquires != none && !e.op.try && !f.hidden(e.lock):
				root := e.lock.vars[0]
				rest := strings.TrimPrefix(e.lock.key, id(root))
				if root == sig.Recv() {
					return entry{-1, rest, e.lock, e.op}, true
				}
				for i := range sig.Params().Len() {
					if root == sig.Params().At(i) {
						return entry{i, rest, e.lock, e.op}, true
					}
				}
				if root.Parent() == fn.Pkg().Scope() {
					return entry{-2, e.lock.key, e.lock, e.op}, true
				}
				return entry{}, false
			case e.lock.key != "", e.assigned != nil:
				return entry{}, false
			case e.call != nil && e.callee != nil && e.callee.Pkg() == fn.Pkg():
				return entry{}, false // it may end, or unlock
			}
		}
		if len(b.Succs) != 1 {
			return entry{}, false
		}
		b = b.Succs[0]
	}
	return entry{}, false
}

// A pathWalk follows all paths from where a lock is locked.
type pathWalk struct {
	f        *flow
	sum      *packageSummary
	entries  map[*types.Func]entry
	from     event
	held     mode
	reported map[token.Pos]bool
	seen     map[string]bool
}

const maxPaths = 5000 // per lock: with more, the function is too complex to follow

// walk follows the paths from an event of a block, with the known values of variables.
func (w *pathWalk) walk(b *cfg.Block, i int, known map[string]string) {
	for _, e := range w.f.events[b.Index][i:] {
		if w.step(e, known) {
			return
		}
	}
	c := w.f.cond(b)
	for i, s := range b.Succs {
		next := known
		if c.variable != "" {
			if !possible(known, c, i == 0) {
				continue
			}
			next = maps.Clone(known)
			set(next, c, i == 0)
		}
		state := fmt.Sprint(s.Index, next) // maps are printed in order
		if w.seen[state] || len(w.seen) > maxPaths {
			continue
		}
		w.seen[state] = true
		w.walk(s, 0, maps.Clone(next))
	}
}

// possible reports whether the path may lead to Succs[0] of a block with the condition c, or to Succs[1].
func possible(known map[string]string, c cond, first bool) bool {
	is := first != c.not
	if v, ok := known[c.variable]; ok {
		if v == c.value {
			return is
		}
		// Two constants differ, and so do two of true, false and nil; two variables may be equal.
		return !is || !fixed(v) || !fixed(c.value)
	}
	return !is || known[c.variable+" != "+c.value] == ""
}

// fixed reports whether a term is a constant.
func fixed(term string) bool { return !strings.Contains(term, "@") }

// step handles an event, and reports whether the path ends there for the lock.
func (w *pathWalk) step(e event, known map[string]string) (end bool) {
	l := w.from.lock
	switch {
	case e.assigned != nil:
		forget(known, e.assigned)
		if e.value != "" {
			if _, ok := e.assigned.(*types.Var); ok {
				known[id(e.assigned)] = e.value
			}
		}
		return slices.Contains(l.vars, e.assigned)
	case e.lock.key != "":
		if e.lock.key != l.key {
			return false
		}
		if e.escapes {
			return true
		}
		if wants := e.op.acquires; wants != none && (!e.op.try || blocks(e.method.name)) {
			w.report(e.node, wants, "", l)
		}
		return true
	case e.call != nil:
		return w.stepCall(e)
	}
	return false
}

// blocks reports whether a method with a limit waits.
func blocks(name string) bool {
	return strings.HasSuffix(name, "Context") || strings.HasSuffix(name, "Limit")
}

// stepCall handles the call of another function.
func (w *pathWalk) stepCall(e event) (end bool) {
	l := w.from.lock
	for _, arg := range e.call.Args {
		if a, ok := lockOf(w.f.info, arg); ok && a.key == l.key {
			return true
		}
	}
	if e.callee == nil {
		return false
	}
	if first, ok := w.entries[e.callee]; ok && w.locks(e.call, first) {
		w.report(e.node, first.op.acquires, types.ExprString(e.call.Fun), l)
		return true
	}
	return w.sum.mayRelease(e.callee, l)
}

// locks reports whether the lock that the callee locks first is the one that the caller holds.
func (w *pathWalk) locks(call *ast.CallExpr, first entry) bool {
	var base lock
	var ok bool
	switch {
	case first.param == -2:
		return first.rest == w.from.lock.key
	case first.param == -1:
		sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !isSel || w.f.info.Selections[sel] == nil || w.f.info.Selections[sel].Kind() != types.MethodVal {
			return false
		}
		base, ok = receiver(w.f.info, sel)
	case first.param < len(call.Args):
		base, ok = lockOf(w.f.info, call.Args[first.param])
	}
	return ok && base.key+first.rest == w.from.lock.key
}

func (w *pathWalk) report(n ast.Node, wants mode, call string, l lock) {
	what := conflict(w.held, wants)
	if what == "" || w.reported[n.Pos()] {
		return
	}
	w.reported[n.Pos()] = true
	subject := "this goroutine has"
	line := lineOf(w.f.pass, w.from.node)
	if n == w.from.node {
		subject = "an earlier turn of the loop has"
	}
	verb := map[mode]string{reading: "locks %s for reading", upgradable: "locks %s in upgradable mode", writing: "locks %s"}[wants]
	verb = fmt.Sprintf(verb, l.text)
	if call != "" {
		verb = call + " " + verb
	} else {
		verb = "this " + verb
	}
	w.f.pass.Reportf(n.Pos(), "%s, which %s %s (line %d) and not unlocked on some path: %s", verb, subject, w.held, line, what)
}

// conflict describes what happens if a goroutine that holds a lock in one mode locks it in another.
func conflict(held, wants mode) string {
	switch {
	case held == reading && wants == reading:
		return "a writer that comes between the two waits for this goroutine, and this goroutine for the writer"
	case held == reading && wants == writing, held == writing, held == upgradable && wants != reading:
		return "it waits for itself"
	}
	return ""
}

// forget drops the known value of a variable.
func forget(known map[string]string, o types.Object) {
	for k, v := range known {
		if strings.Contains(k, id(o)) || strings.Contains(v, id(o)) {
			delete(known, k)
		}
	}
}
