// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

var typeArgs = newAnalyzer("typeargs", `report type arguments that a type or function of osync rejects at run time

A guard.SeqLock cannot hold pointers, and so no strings, slices, maps, functions, channels and interfaces: its first use panics.
The memory that shared.Map returns cannot hold these either, nor a uintptr or locks of other packages: Map returns ErrType.

	var config guard.SeqLock[struct{ name string }] // use atomic.Pointer or guard.RWMutex
	shared.Map[struct{ mu locks.Mutex }](r)         // use shared.Mutex`, runTypeArgs)

func runTypeArgs(pass *analysis.Pass) {
	inspectorOf(pass).Preorder([]ast.Node{(*ast.Ident)(nil)}, func(n ast.Node) {
		id := n.(*ast.Ident)
		inst, ok := pass.TypesInfo.Instances[id]
		if !ok || inst.TypeArgs.Len() == 0 {
			return
		}
		obj := pass.TypesInfo.Uses[id]
		if obj == nil || obj.Pkg() == nil || obj.Pkg() == pass.Pkg {
			return
		}
		t := inst.TypeArgs.At(0)
		switch obj.Pkg().Path() + "." + obj.Name() {
		case module + "locks/guard.SeqLock":
			if path, bad := find(t, typeString(t), pointing, nil); bad != nil {
				pass.ReportRangef(id, "the first use of this SeqLock panics, as %s is a %s, which has pointers: use an atomic.Pointer or a guard.RWMutex", path, typeString(bad))
			}
		case module + "locks/shared.Map":
			if path, bad := find(t, typeString(t), unshared, nil); bad != nil {
				pass.ReportRangef(id, "Map returns ErrType, as %s is a %s, which has a meaning in one process only: use numbers, arrays, structs and the locks of package shared", path, typeString(bad))
			}
		}
	})
}

func typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// find returns the first part of a type that is bad, and its name. It is nil if there is none, or if that depends on
// a type parameter.
func find(t types.Type, path string, bad func(types.Type) bool, seen map[types.Type]bool) (string, types.Type) {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok || seen[t] {
		return "", nil
	}
	if bad(t) {
		return path, t
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		if u.Len() > 0 {
			return find(u.Elem(), path+"[i]", bad, seen)
		}
	case *types.Struct:
		if typeOf(t).pkg == "locks/shared" {
			break // these types are correct
		}
		for f := range u.Fields() {
			if path, t := find(f.Type(), path+"."+f.Name(), bad, seen); t != nil {
				return path, t
			}
		}
	}
	return "", nil
}

// pointing reports whether the values of a type are pointers, or have them.
func pointing(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 || u.Kind() == types.UnsafePointer
	case *types.Array, *types.Struct:
		return false
	}
	return true
}

// unshared reports whether the values of a type cannot be in memory that processes share.
func unshared(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Struct); ok {
		pkg := typeOf(t).pkg
		return pkg == "sync" || pkg == "locks" || pkg == "pthread" || strings.HasPrefix(pkg, "locks/") && !strings.HasPrefix(pkg, "locks/shared")
	}
	b, ok := t.Underlying().(*types.Basic)
	return pointing(t) || ok && b.Kind() == types.Uintptr
}
