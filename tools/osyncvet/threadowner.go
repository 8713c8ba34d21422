// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

var threadOwner = newAnalyzer("threadowner", `report locks that belong to a thread and are unlocked in another goroutine

The locks of locks/native, shared.PIMutex, and Mutex, RWLock and Spin of package pthread belong to the thread that has
locked them. Only the goroutine that has called Lock may call Unlock. In another one, Unlock panics or returns EPERM:

	m.Lock()
	go func() {
		work()
		m.Unlock() // panics
	}()

Lock and unlock in the same goroutine, or use a lock without an owner, such as locks.Mutex.
The same applies to thread.Pin and thread.Unpin.`, runThreadOwner, summaries)

// A region is the part of a function that one goroutine runs: the function itself, or a literal that the function starts.
type region struct {
	parent *region
	how    string          // what starts it
	params map[string]lock // the arguments for the parameters of the literal
	ops    []regionOp
	calls  []*types.Func
	uses   map[types.Object]int // how often a variable or field is mentioned, except as the receiver of an op
}

type regionOp struct {
	op
	method
	lock
	call    *ast.CallExpr
	certain bool // not in a closure that another goroutine might call
}

func runThreadOwner(pass *analysis.Pass) {
	sum := summariesOf(pass)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				w := &regionWalk{info: pass.TypesInfo}
				w.walk(w.new(nil, "", nil), fn.Body, true)
				for _, v := range w.values {
					pass.Reportf(v.call.Pos(), "%s runs %s in a goroutine of its own, which has not locked %s: %s", v.how, v.method, v.text, advice(v.method))
				}
				for _, r := range w.regions {
					checkRegion(pass, sum, w.regions[0], r)
				}
			}
		}
	}
}

// advice describes what a method does in the wrong goroutine, and what to do.
func advice(m method) string {
	switch {
	case m.typ == "":
		return "it panics; call it in the goroutine that has called thread.Pin"
	case m.pkg == "pthread":
		return "a pthread." + m.typ + " belongs to its thread, and Unlock returns EPERM; unlock it in the goroutine that has locked it, or use a lock of package locks"
	}
	return "a " + m.typeOnly().String() + " belongs to its thread, and " + m.name + " panics; unlock it in the goroutine that has locked it, or use a lock of package locks"
}

func checkRegion(pass *analysis.Pass, sum *packageSummary, root, r *region) {
	if r == root {
		return
	}
	for _, rel := range r.ops {
		if rel.releases == none || !rel.certain || r.find(acquiring, rel.lock, false) != nil || r.hidden(sum, rel.lock) {
			continue
		}
		for up := r.parent; up != nil; up = up.parent {
			if acq := up.find(acquiring, rel.lock, true); acq != nil {
				pass.Reportf(rel.call.Pos(), "%s was locked by another goroutine (line %d), and %s starts this one: %s",
					rel.text, lineOf(pass, acq.call), r.how, advice(rel.method))
				break
			}
		}
	}
	for _, acq := range r.ops {
		if acq.acquires == none || !acq.certain || r.find(releasing, acq.lock, false) != nil || r.hidden(sum, acq.lock) {
			continue
		}
		if rel := root.find(releasing, acq.lock, true); rel != nil && root.find(acquiring, acq.lock, false) == nil && !root.hidden(sum, acq.lock) {
			pass.Reportf(rel.call.Pos(), "%s was locked by another goroutine (line %d), which %s starts: %s",
				rel.text, lineOf(pass, acq.call), r.how, advice(rel.method))
		}
	}
}

func acquiring(o op) bool { return o.acquires != none }
func releasing(o op) bool { return o.releases != none }

// find returns an operation of the region on a lock.
func (r *region) find(is func(op) bool, l lock, certain bool) *regionOp {
	for i, o := range r.ops {
		if is(o.op) && o.key == l.key && (o.certain || !certain) {
			return &r.ops[i]
		}
	}
	return nil
}

// hidden reports whether the region may do more with a lock than its operations show.
func (r *region) hidden(sum *packageSummary, l lock) bool {
	if l.last == nil {
		return false // thread.Pin
	}
	for _, fn := range r.calls {
		if sum.acquires[fn][l.last] || sum.releases[fn][l.last] {
			return true
		}
	}
	return r.uses[l.last] > 0
}

type regionWalk struct {
	info    *types.Info
	regions []*region
	values  []value
}

// A value is a method value with which a goroutine starts.
type value struct {
	regionOp
	how string
}

func (w *regionWalk) new(parent *region, how string, params map[string]lock) *region {
	r := &region{parent: parent, how: how, params: params, uses: map[types.Object]int{}}
	w.regions = append(w.regions, r)
	return r
}

// walk records the operations of n in r. They are certain if n runs in r's goroutine.
func (w *regionWalk) walk(r *region, n ast.Node, certain bool) {
	if n == nil {
		return
	}
	started := map[ast.Node]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || started[n] {
			return false
		}
		for _, s := range startsOf(w.info, n) {
			started[s.fun] = true
			switch fun := s.fun.(type) {
			case *ast.FuncLit:
				w.walk(w.new(r, s.how, w.params(fun, s.args)), fun.Body, true)
			case *ast.SelectorExpr:
				if o, ok := w.release(fun); ok {
					w.values = append(w.values, value{o, s.how})
				}
			}
			if g, ok := n.(*ast.GoStmt); ok {
				started[g.Call] = true
				for _, arg := range s.args {
					w.walk(r, arg, certain)
				}
			}
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			w.walk(r, n.Body, false)
			return false
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok { // called at once, or by defer
				started[lit] = true
				w.walk(r, lit.Body, certain)
			}
			if o, ok := w.op(r, n); ok {
				o.certain = certain
				r.ops = append(r.ops, o)
				for _, arg := range n.Args {
					w.walk(r, arg, certain)
				}
				return false
			}
		case *ast.Ident:
			switch obj := w.info.Uses[n].(type) {
			case *types.Func:
				r.calls = append(r.calls, obj.Origin())
			case *types.Var:
				r.uses[obj.Origin()]++
			}
		}
		return true
	})
}

// op returns the effect of a call on a lock that belongs to a thread.
func (w *regionWalk) op(r *region, call *ast.CallExpr) (o regionOp, ok bool) {
	switch m := calleeOf(w.info, call); m {
	case method{"locks/thread", "", "Pin"}:
		return regionOp{op: op{acquires: writing}, method: m, lock: lock{key: "thread", text: "the goroutine"}, call: call}, true
	case method{"locks/thread", "", "Unpin"}:
		return regionOp{op: op{releases: writing}, method: m, lock: lock{key: "thread", text: "the goroutine"}, call: call}, true
	}
	m, on, l, ok := lockOp(w.info, call)
	if !ok || !threadOwned[m.typeOnly()] {
		return o, false
	}
	if m.pkg == "pthread" && m.name == "Unlock" {
		on = op{releases: writing}
	}
	root, rest, _ := strings.Cut(l.key, ".")
	for up := r; up != nil; up = up.parent {
		if outer, ok := up.params[root]; ok {
			l.key, l.text, l.last = outer.key, outer.text, outer.last
			if rest != "" {
				l.key += "." + rest
			}
			break
		}
	}
	return regionOp{op: on, method: m, lock: l, call: call}, true
}

// release returns what a method value of a lock that belongs to a thread would release.
func (w *regionWalk) release(sel *ast.SelectorExpr) (o regionOp, ok bool) {
	fn, _ := w.info.Uses[sel.Sel].(*types.Func)
	m := methodOf(fn)
	on := ops[m.name]
	if on.releases == none || !threadOwned[m.typeOnly()] {
		return o, false
	}
	return regionOp{op: on, method: m, lock: lock{text: types.ExprString(sel.X)}, call: &ast.CallExpr{Fun: sel}}, true
}

// params returns the arguments for the parameters of a literal, which is called with args.
func (w *regionWalk) params(lit *ast.FuncLit, args []ast.Expr) map[string]lock {
	params := map[string]lock{}
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if i < len(args) {
				if l, ok := lockOf(w.info, args[i]); ok && w.info.Defs[name] != nil {
					params[id(w.info.Defs[name])] = l
				}
			}
			i++
		}
	}
	return params
}
