// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// lockCopy completes the analyzer copylocks of go vet, and reports nothing that copylocks reports.
var lockCopy = func() *analysis.Analyzer {
	a := newAnalyzer("lockcopy", `report copies of locks that go vet does not see

A copy of a lock does not protect what the lock protects. Go vet reports most copies; this analyzer reports those
that are made by a send, by append, copy and sort.Slice, by generic functions such as slices.Clone, by methods of generic types,
by a dereferenced atomic.Pointer, in a type switch, as the key of a map, and by the return of a named result that has been locked:

	queue <- *s            // s contains a locks.Mutex
	all = append(all, more...)
	again := slices.Clone(all)
	config := *current.Load()

Copy pointers to the values instead.`, nil)
	a.FactTypes = []analysis.Fact{new(copies)}
	a.Run = func(pass *analysis.Pass) (any, error) {
		silence(pass)
		runLockCopy(pass)
		return nil, nil
	}
	return a
}()

// copies holds what is known of a generic function, or a method of a generic type: the type parameters
// whose values it copies from one place to another.
type copies struct{ Params []int }

func (*copies) AFact() {}

func (c *copies) String() string { return fmt.Sprint("copies ", c.Params) }

func runLockCopy(pass *analysis.Pass) {
	noteCopies(pass)
	info := pass.TypesInfo
	nodes := []ast.Node{
		(*ast.SendStmt)(nil), (*ast.CallExpr)(nil), (*ast.Ident)(nil), (*ast.StarExpr)(nil),
		(*ast.TypeSwitchStmt)(nil), (*ast.CompositeLit)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil),
	}
	inspectorOf(pass).Preorder(nodes, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SendStmt:
			if path := lockIn(info.TypeOf(n.Value)); path != "" && stored(n.Value) {
				pass.ReportRangef(n, "send copies a lock: %s; send a pointer", path)
			}
		case *ast.CallExpr:
			checkCopyCall(pass, n)
		case *ast.Ident:
			checkInstance(pass, n)
		case *ast.StarExpr:
			call, ok := ast.Unparen(n.X).(*ast.CallExpr)
			if !ok {
				return
			}
			if m := calleeOf(info, call); m.pkg == "sync/atomic" && m.typ == "Pointer" {
				if path := lockIn(info.TypeOf(n)); path != "" {
					pass.ReportRangef(n, "this copies a lock: %s; use the pointer that %s returns", path, m.name)
				}
			}
		case *ast.TypeSwitchStmt:
			if _, ok := n.Assign.(*ast.AssignStmt); !ok {
				return
			}
			for _, c := range n.Body.List {
				v := info.Implicits[c]
				if clause := c.(*ast.CaseClause); v != nil && len(clause.List) == 1 {
					if path := lockIn(v.Type()); path != "" {
						pass.ReportRangef(clause.List[0], "type switch copies a lock: %s; put a pointer into the interface", path)
					}
				}
			}
		case *ast.CompositeLit:
			if _, ok := info.TypeOf(n).Underlying().(*types.Map); ok {
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && stored(kv.Key) {
						if path := lockIn(info.TypeOf(kv.Key)); path != "" {
							pass.ReportRangef(kv.Key, "map key copies a lock: %s; use a pointer", path)
						}
					}
				}
			}
		case *ast.FuncDecl:
			if n.Body != nil {
				checkResults(pass, n.Type, n.Body)
			}
		case *ast.FuncLit:
			checkResults(pass, n.Type, n.Body)
		}
	})
}

// stored reports whether the value of an expression is in memory, where it may have been used. The value of a call, which
// may be new, and that of a literal are not.
func stored(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr, *ast.CompositeLit:
		return false
	case *ast.StarExpr:
		_, ok := ast.Unparen(e.X).(*ast.CallExpr)
		return !ok
	}
	return true
}

func checkCopyCall(pass *analysis.Pass, call *ast.CallExpr) {
	info := pass.TypesInfo
	elem := func(e ast.Expr) string {
		switch t := info.TypeOf(e).Underlying().(type) {
		case *types.Slice:
			return lockIn(t.Elem())
		}
		return ""
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := info.Uses[id].(*types.Builtin); ok {
			switch {
			case b.Name() == "copy", b.Name() == "append" && call.Ellipsis.IsValid() && storedSlice(call.Args[1]):
				if path := elem(call.Args[1]); path != "" {
					pass.ReportRangef(call, "%s copies locks: %s; use a slice of pointers", b.Name(), path)
				}
			}
			return
		}
	}
	m := calleeOf(info, call)
	if m == (method{"maps", "", "Clone"}) { // the runtime copies the map
		if t, ok := info.TypeOf(call.Args[0]).Underlying().(*types.Map); ok {
			if path := lockIn(t.Elem()); path != "" {
				pass.ReportRangef(call, "%s copies a lock: %s; use pointers", m, path)
			}
		}
	}
	if m.pkg == "sort" && (m.name == "Slice" || m.name == "SliceStable") && len(call.Args) == 2 {
		if path := elem(call.Args[0]); path != "" {
			pass.ReportRangef(call, "%s copies locks: %s; sort a slice of pointers", m, path)
		}
	}
	// A method of a generic type, whose declaration does not show that it copies a lock.
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	fn, _ := info.Uses[sel.Sel].(*types.Func)
	if fn == nil || fn.Origin() == fn || fn.Signature().Recv() == nil {
		return
	}
	recv := fn.Signature().Recv().Type()
	named, ok := types.Unalias(deref(recv)).(*types.Named)
	if !ok {
		return
	}
	if _, isPointer := recv.(*types.Pointer); !isPointer && stored(sel.X) {
		if path := lockIn(recv); path != "" && lockIn(fn.Origin().Signature().Recv().Type()) == "" {
			pass.ReportRangef(call, "call of %s copies a lock, as its receiver is not a pointer: %s", types.ExprString(call.Fun), path)
			return
		}
	}
	reportCopies(pass, call, types.ExprString(call.Fun), fn, named.TypeArgs())
}

// storedSlice reports whether the elements of a slice may have been used. Those of a literal are not.
func storedSlice(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CompositeLit)
	return !ok
}

// checkInstance checks the use of a generic function with type arguments.
func checkInstance(pass *analysis.Pass, id *ast.Ident) {
	if fn, ok := pass.TypesInfo.Uses[id].(*types.Func); ok {
		if inst, ok := pass.TypesInfo.Instances[id]; ok {
			reportCopies(pass, id, fn.Name(), fn, inst.TypeArgs)
		}
	}
}

// reportCopies reports a function that copies the values of a type argument with a lock.
func reportCopies(pass *analysis.Pass, at ast.Node, name string, fn *types.Func, args *types.TypeList) {
	var fact copies
	if !pass.ImportObjectFact(fn.Origin(), &fact) {
		return
	}
	for _, i := range fact.Params {
		if i < args.Len() {
			if path := lockIn(args.At(i)); path != "" {
				pass.ReportRangef(at, "%s copies a lock: %s; use pointers", name, path)
				return
			}
		}
	}
}

// checkResults reports a named result with a lock that the function uses and returns.
func checkResults(pass *analysis.Pass, typ *ast.FuncType, body *ast.BlockStmt) {
	if typ.Results == nil {
		return
	}
	info := pass.TypesInfo
	for _, field := range typ.Results.List {
		path := lockIn(info.TypeOf(field.Type))
		if path == "" {
			continue
		}
		for _, name := range field.Names {
			result := info.Defs[name]
			ast.Inspect(body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if _, o, l, ok := lockOp(info, call); ok && o.acquires != none && l.vars[0] == result {
					pass.ReportRangef(call, "%s is a result of the function, whose return copies the locked lock: %s; return a pointer", name.Name, path)
				}
				return true
			})
		}
	}
}

// lockIn names the lock that values of a type contain, as go vet does, or "" if there is none.
func lockIn(t types.Type) string {
	return strings.Join(lockPath(t, map[types.Type]bool{}), " contains ")
}

func lockPath(t types.Type, seen map[types.Type]bool) []string {
	if t == nil || seen[t] {
		return nil
	}
	seen[t] = true
	for {
		a, ok := t.Underlying().(*types.Array)
		if !ok {
			break
		}
		t = a.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	if types.Implements(types.NewPointer(t), locker) && !types.Implements(t, locker) {
		return []string{typeString(t)}
	}
	for f := range s.Fields() {
		if path := lockPath(f.Type(), seen); path != nil {
			if f.Name() == "_" && strings.HasSuffix(path[0], ".noCopy") {
				return []string{typeString(t)}
			}
			return append([]string{typeString(t)}, path...)
		}
	}
	return nil
}

// locker is sync.Locker.
var locker = func() *types.Interface {
	nullary := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	return types.NewInterfaceType([]*types.Func{
		types.NewFunc(token.NoPos, nil, "Lock", nullary),
		types.NewFunc(token.NoPos, nil, "Unlock", nullary),
	}, nil).Complete()
}()

// noteCopies computes the copies of the generic functions of the package, and exports them as facts.
func noteCopies(pass *analysis.Pass) {
	info := pass.TypesInfo
	copied := map[*types.Func]map[int]bool{}
	type call struct {
		caller, callee *types.Func
		args           *types.TypeList
	}
	var calls []call
	for fn, decl := range functions(pass) {
		params := typeParams(fn)
		if params.Len() == 0 {
			continue
		}
		copied[fn] = map[int]bool{}
		note := func(t types.Type) {
			for i := range params.Len() {
				if holds(t, params.At(i), map[types.Type]bool{}) {
					copied[fn][i] = true
				}
			}
		}
		eachCopy(info, decl, note)
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if callee, ok := info.Uses[n].(*types.Func); ok {
					if inst, ok := info.Instances[n]; ok {
						calls = append(calls, call{fn, callee.Origin(), inst.TypeArgs})
					}
				}
			case *ast.SelectorExpr:
				callee, ok := info.Uses[n.Sel].(*types.Func)
				if ok && callee.Origin() != callee && callee.Signature().Recv() != nil {
					if named, ok := types.Unalias(deref(callee.Signature().Recv().Type())).(*types.Named); ok {
						calls = append(calls, call{fn, callee.Origin(), named.TypeArgs()})
					}
				}
			}
			return true
		})
	}
	for changed := true; changed; {
		changed = false
		for _, c := range calls {
			of := copied[c.callee]
			if of == nil {
				var fact copies
				pass.ImportObjectFact(c.callee, &fact)
				of = map[int]bool{}
				for _, i := range fact.Params {
					of[i] = true
				}
			}
			params := typeParams(c.caller)
			for i := range of {
				for p := range params.Len() {
					if !copied[c.caller][p] && i < c.args.Len() && holds(c.args.At(i), params.At(p), map[types.Type]bool{}) {
						copied[c.caller][p] = true
						changed = true
					}
				}
			}
		}
	}
	for fn, set := range copied {
		if len(set) > 0 {
			pass.ExportObjectFact(fn, &copies{slices.Sorted(maps.Keys(set))})
		}
	}
}

// typeParams returns the type parameters of a function, or of the receiver of a method.
func typeParams(fn *types.Func) *types.TypeParamList {
	if p := fn.Signature().RecvTypeParams(); p.Len() > 0 {
		return p
	}
	return fn.Signature().TypeParams()
}

// holds reports whether values of t hold values of the type p, not only pointers to them.
func holds(t types.Type, p *types.TypeParam, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	if t := types.Unalias(t); t == p {
		return true
	} else if _, ok := t.(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return holds(u.Elem(), p, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), p, seen) {
				return true
			}
		}
	}
	return false
}

// eachCopy calls note with the types of all values that a function copies from memory where they may have been used. Its parameters
// are not among these: go vet checks the arguments of a call.
func eachCopy(info *types.Info, decl *ast.FuncDecl, note func(types.Type)) {
	value := func(e ast.Expr) {
		e = ast.Unparen(e)
		if !stored(e) || !info.Types[e].IsValue() {
			return
		}
		if id, ok := e.(*ast.Ident); ok {
			if v, ok := info.Uses[id].(*types.Var); !ok || !captured(decl, id, v) {
				return
			}
		}
		note(info.TypeOf(e))
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Rhs {
				value(e)
			}
		case *ast.ValueSpec:
			for _, e := range n.Values {
				value(e)
			}
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				value(e)
			}
		case *ast.SendStmt:
			value(n.Value)
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				value(e)
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
					note(info.TypeOf(id))
				}
			}
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				if b, ok := info.Uses[id].(*types.Builtin); ok {
					if b.Name() == "copy" || b.Name() == "append" && n.Ellipsis.IsValid() {
						note(elemOf(info.TypeOf(n.Args[1])))
					}
					if b.Name() != "append" {
						return true
					}
				}
			}
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
				if _, ok := info.Uses[sel.Sel].(*types.Builtin); ok { // unsafe.Sizeof
					return true
				}
			}
			for _, e := range n.Args {
				value(e)
			}
		}
		return true
	})
}

// elemOf returns the type of the elements of a slice type, or of a type parameter whose type arguments are slices.
func elemOf(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		u, ok := p.Constraint().Underlying().(*types.Interface)
		if !ok || u.NumEmbeddeds() != 1 {
			return nil
		}
		t = u.EmbeddedType(0)
		if union, ok := t.(*types.Union); ok && union.Len() == 1 {
			t = union.Term(0).Type()
		}
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}

// captured reports whether a variable belongs to another function than the closure that mentions it.
func captured(decl *ast.FuncDecl, id *ast.Ident, v *types.Var) (yes bool) {
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && lit.Pos() < id.Pos() && id.Pos() < lit.End() {
			yes = v.Pos() < lit.Pos() || v.Pos() > lit.End()
		}
		return true
	})
	return yes
}
