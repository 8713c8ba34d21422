// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// others are packages that this command does not replace, with advice about them.
var others = map[string]string{
	"golang.org/x/sync/errgroup":       "keep it: it works with osync's locks",
	"golang.org/x/sync/singleflight":   "keep it: it works with osync's locks",
	"github.com/gofrs/flock":           "keep it for locks on files; for memory that processes share see package locks/shared",
	"github.com/sasha-s/go-deadlock":   "import sync in its place, run this command again, and test with -tags osync_debug",
	"github.com/linkdata/deadlock":     "import sync in its place, run this command again, and test with -tags osync_debug",
	"github.com/puzpuzpuz/xsync/v3":    "its RBMutex is like locks.BiasedRWMutex; keep its maps",
	"github.com/puzpuzpuz/xsync/v4":    "its RBMutex is like locks.BiasedRWMutex; keep its maps",
	"github.com/marusama/semaphore/v2": "by hand: locks.Semaphore has AcquireContext(ctx, n) and Release(n)",
}

// noteOthers reports imported packages that do not change, once for each unit.
func (p *program) noteOthers(u *unit, f *ast.File) {
	for _, spec := range f.Imports {
		path := importPath(spec)
		if what := others[path]; what != "" && !u.others[path] {
			u.others[path] = true
			u.notes = append(u.notes, finding{p.fset.Position(spec.Pos()), path + ": " + what})
		}
	}
}

// noteFile reports code that compiles after the move, and may have another meaning.
func (p *program) noteFile(u *unit, pkg *packages.Package, f *ast.File) {
	n := notes{pkg.TypesInfo, func(at ast.Node, format string, args ...any) {
		u.notes = append(u.notes, finding{p.fset.Position(at.Pos()), fmt.Sprintf(format, args...)})
	}}
	ast.Inspect(f, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			n.call(node)
		case *ast.TypeAssertExpr:
			if node.Type != nil {
				n.assertion(node.Type)
			}
		case *ast.TypeSwitchStmt:
			for _, clause := range node.Body.List {
				for _, t := range clause.(*ast.CaseClause).List {
					n.assertion(t)
				}
			}
		case *ast.FuncDecl:
			if node.Body != nil {
				n.errors(node.Body)
			}
		}
		return true
	})
	if pkg.Name != "main" && !strings.HasSuffix(p.nameOf(f), "_test.go") && !internal(pkg.PkgPath) {
		n.api(f)
	}
}

func internal(path string) bool {
	return strings.Contains("/"+path+"/", "/internal/")
}

type notes struct {
	info *types.Info
	note func(at ast.Node, format string, args ...any)
}

// call reports code that depends on the layout or on the name of a type.
func (n notes) call(call *ast.CallExpr) {
	if tv := n.info.Types[call.Fun]; tv.IsType() {
		if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Kind() == types.UnsafePointer && len(call.Args) == 1 {
			if t := n.info.TypeOf(call.Args[0]); changes[typePath(t)] {
				n.note(call, "an unsafe.Pointer to a %s: package locks lays it out otherwise", typePath(t))
			}
		}
		return
	}
	callee := typeutil.Callee(n.info, call)
	switch {
	case callee == nil || callee.Pkg() == nil:
	case callee.Pkg().Path() == "unsafe" && len(call.Args) == 1:
		t := n.info.TypeOf(call.Args[0])
		if held := holds(t, map[types.Type]bool{}); held != "" && callee.Name() != "String" && callee.Name() != "SliceData" && callee.Name() != "StringData" {
			n.note(call, "unsafe.%s of a type with a %s: that has another size in package locks", callee.Name(), held)
		}
	case callee.Pkg().Path() == "reflect":
		for _, arg := range call.Args {
			if path := typePath(n.info.TypeOf(arg)); changes[path] {
				n.note(call, "reflect.%s of a %s: it is a type of package locks then", callee.Name(), path)
			}
		}
	}
}

// assertion reports a type that a value of an interface may no longer have.
func (n notes) assertion(t ast.Expr) {
	if path := typePath(n.info.TypeOf(t)); changes[path] {
		n.note(t, "asks a value whether it is a %s: one from a package that was not moved is not a type of package locks", path)
	}
}

// errors reports comparisons of errors in a function that acquires a semaphore.
func (n notes) errors(body *ast.BlockStmt) {
	acquires := false
	ast.Inspect(body, func(node ast.Node) bool {
		if id, ok := node.(*ast.Ident); ok {
			if f, ok := n.info.Uses[id].(*types.Func); ok && isWeighted(f) {
				acquires = true
			}
		}
		return !acquires
	})
	if !acquires {
		return
	}
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BinaryExpr:
			if node.Op == token.EQL || node.Op == token.NEQ {
				n.ofContext(node.X)
				n.ofContext(node.Y)
			}
		case *ast.SwitchStmt:
			for _, clause := range node.Body.List {
				for _, e := range clause.(*ast.CaseClause).List {
					n.ofContext(e)
				}
			}
		}
		return true
	})
}

// ofContext reports an error of a context with which another one is compared.
func (n notes) ofContext(e ast.Expr) {
	var obj types.Object
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		obj = typeutil.Callee(n.info, e)
	case *ast.SelectorExpr:
		obj = n.info.Uses[e.Sel]
	}
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "context" {
		return
	}
	switch obj.Name() {
	case "Err", "Cause", "Canceled", "DeadlineExceeded":
		n.note(e, "compares with an error of a context: that of AcquireContext wraps the cause of the context, so use errors.Is")
	}
}

// api reports exported declarations whose types change for importers of the package.
func (n notes) api(f *ast.File) {
	note := func(id *ast.Ident) {
		if obj := n.info.Defs[id]; obj != nil && id.IsExported() {
			if path := names(obj.Type()); path != "" {
				n.note(id, "%s is exported, and its %s becomes a type of package locks for all who import it", id.Name, path)
			}
		}
	}
	fields := func(t ast.Expr) {
		if s, ok := t.(*ast.StructType); ok {
			for _, field := range s.Fields.List {
				for _, id := range field.Names {
					note(id)
				}
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || ast.IsExported(strings.TrimLeft(types.ExprString(d.Recv.List[0].Type), "*")) {
				note(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					for _, id := range s.Names {
						note(id)
					}
				case *ast.TypeSpec:
					if s.Name.IsExported() {
						if _, ok := s.Type.(*ast.StructType); !ok {
							note(s.Name)
						}
						fields(s.Type)
					}
				}
			}
		}
	}
}

// names returns the changing types that a declaration of type t names.
func names(t types.Type) string {
	if path := typePath(t); changes[path] {
		return path
	}
	switch t := t.(type) {
	case *types.Pointer:
		return names(t.Elem())
	case *types.Slice:
		return names(t.Elem())
	case *types.Array:
		return names(t.Elem())
	case *types.Chan:
		return names(t.Elem())
	case *types.Map:
		return names(t.Elem())
	case *types.Signature:
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				if path := names(v.Type()); path != "" {
					return path
				}
			}
		}
	}
	return ""
}

// holds returns the changing types that are in the memory of a type.
func holds(t types.Type, seen map[types.Type]bool) string {
	if t == nil || seen[t] {
		return ""
	}
	seen[t] = true
	if _, ok := types.Unalias(t).(*types.Pointer); ok {
		return ""
	}
	if path := typePath(t); changes[path] {
		return path
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return holds(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if path := holds(f.Type(), seen); path != "" {
				return path
			}
		}
	}
	return ""
}
