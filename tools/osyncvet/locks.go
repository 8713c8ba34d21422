// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

const module = "github.com/osync-go/osync/"

// A method names a method of a type, or a function if typ is "". Packages of osync are named without the
// module's path: "locks/native".
type method struct{ pkg, typ, name string }

// calleeOf returns which method or function a call calls, if that is known before the program runs.
func calleeOf(info *types.Info, call *ast.CallExpr) method {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	return methodOf(fn)
}

// methodOf returns the name of a function, or the zero method for nil.
func methodOf(fn *types.Func) method {
	if fn == nil || fn.Pkg() == nil {
		return method{}
	}
	m := method{pkg: strings.TrimPrefix(fn.Pkg().Path(), module), name: fn.Name()}
	if recv := fn.Signature().Recv(); recv != nil {
		m.typ = typeName(recv.Type())
	}
	return m
}

// typeName returns the name of a named type, or of the type to which a pointer points.
func typeName(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// A mode is a way to hold a lock.
type mode uint8

const (
	none mode = iota
	reading
	upgradable
	writing
)

func (m mode) String() string {
	return [...]string{"not locked", "locked for reading", "locked in upgradable mode", "locked"}[m]
}

// An op is the effect of a call on a lock.
type op struct {
	acquires mode // the caller holds the lock in this mode after the call
	try      bool // the call may fail, and then the caller does not hold it
	releases mode
	becomes  mode // the caller holds the lock, and after the call in this mode
}

// ops are the operations on locks by the names of methods. A program calls no method that a type lacks.
var ops = map[string]op{
	"Lock":                  {acquires: writing},
	"LockContext":           {acquires: writing, try: true},
	"LockLimit":             {acquires: writing, try: true},
	"TryLock":               {acquires: writing, try: true},
	"TryLockFor":            {acquires: writing, try: true},
	"Unlock":                {releases: writing},
	"RLock":                 {acquires: reading},
	"RLockContext":          {acquires: reading, try: true},
	"RLockLimit":            {acquires: reading, try: true},
	"TryRLock":              {acquires: reading, try: true},
	"TryRLockFor":           {acquires: reading, try: true},
	"RUnlock":               {releases: reading},
	"UpgradableLock":        {acquires: upgradable},
	"UpgradableLockContext": {acquires: upgradable, try: true},
	"UpgradableLockLimit":   {acquires: upgradable, try: true},
	"TryUpgradableLock":     {acquires: upgradable, try: true},
	"TryUpgradableLockFor":  {acquires: upgradable, try: true},
	"UpgradableUnlock":      {releases: upgradable},

	// of package pthread
	"RdLock":      {acquires: reading},
	"WrLock":      {acquires: writing},
	"TryRdLock":   {acquires: reading, try: true},
	"TryWrLock":   {acquires: writing, try: true},
	"TimedLock":   {acquires: writing, try: true},
	"ClockLock":   {acquires: writing, try: true},
	"TimedRdLock": {acquires: reading, try: true},
	"TimedWrLock": {acquires: writing, try: true},
	"ClockRdLock": {acquires: reading, try: true},
	"ClockWrLock": {acquires: writing, try: true},

	"Upgrade":               {becomes: writing},
	"UpgradeContext":        {becomes: writing, try: true},
	"UpgradeLimit":          {becomes: writing, try: true},
	"TryUpgrade":            {becomes: writing, try: true},
	"TryUpgradeFor":         {becomes: writing, try: true},
	"Downgrade":             {becomes: reading},
	"DowngradeToUpgradable": {becomes: upgradable},
	"DowngradeUpgradable":   {becomes: reading},
}

// lockTypes are the types with these operations.
var lockTypes = map[method]bool{
	{pkg: "sync", typ: "Mutex"}:                true,
	{pkg: "sync", typ: "RWMutex"}:              true,
	{pkg: "locks", typ: "Mutex"}:               true,
	{pkg: "locks", typ: "FairMutex"}:           true,
	{pkg: "locks", typ: "RWMutex"}:             true,
	{pkg: "locks", typ: "BiasedRWMutex"}:       true,
	{pkg: "locks/spin", typ: "Lock"}:           true,
	{pkg: "locks/spin", typ: "MCSLock"}:        true,
	{pkg: "locks/spin", typ: "TicketLock"}:     true,
	{pkg: "locks/native", typ: "Mutex"}:        true,
	{pkg: "locks/native", typ: "RWMutex"}:      true,
	{pkg: "locks/native", typ: "PIMutex"}:      true,
	{pkg: "locks/shared", typ: "Mutex"}:        true,
	{pkg: "locks/shared", typ: "RWMutex"}:      true,
	{pkg: "locks/shared", typ: "PIMutex"}:      true,
	{pkg: "locks/shared", typ: "PthreadMutex"}: true,
	{pkg: "pthread", typ: "Mutex"}:             true,
	{pkg: "pthread", typ: "RWLock"}:            true,
	{pkg: "pthread", typ: "Spin"}:              true,
}

// threadOwned are the locks that belong to a thread: only the goroutine that has locked one may unlock it.
var threadOwned = map[method]bool{
	{pkg: "locks/native", typ: "Mutex"}:   true,
	{pkg: "locks/native", typ: "RWMutex"}: true,
	{pkg: "locks/native", typ: "PIMutex"}: true,
	{pkg: "locks/shared", typ: "PIMutex"}: true,
	{pkg: "pthread", typ: "Mutex"}:        true,
	{pkg: "pthread", typ: "RWLock"}:       true,
	{pkg: "pthread", typ: "Spin"}:         true,
}

// typeOnly returns m without its name, as in the tables.
func (m method) typeOnly() method { return method{pkg: m.pkg, typ: m.typ} }

// String returns the name of a method in messages: native.Mutex.Unlock.
func (m method) String() string {
	s := m.pkg[strings.LastIndexByte(m.pkg, '/')+1:]
	if m.typ != "" {
		s += "." + m.typ
	}
	if m.name != "" {
		s += "." + m.name
	}
	return s
}

// lockOp returns the operation on a lock that a call performs, and the lock.
func lockOp(info *types.Info, call *ast.CallExpr) (m method, o op, l lock, ok bool) {
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !isSel {
		return m, o, l, false
	}
	return lockMethod(info, sel)
}

// lockMethod is lockOp for the method itself, which may be called later.
func lockMethod(info *types.Info, sel *ast.SelectorExpr) (m method, o op, l lock, ok bool) {
	fn, _ := info.Uses[sel.Sel].(*types.Func)
	if m = methodOf(fn); !lockTypes[m.typeOnly()] {
		return m, o, l, false
	}
	if o, ok = ops[m.name]; !ok {
		return m, o, l, false
	}
	if o.acquires != none && returnsError(fn) {
		o.try = true
	}
	l, ok = receiver(info, sel)
	return m, o, l, ok
}

// A lock is an expression that means the same lock wherever it occurs in a function, as long as no value is assigned
// to one of its variables: "s.mu", "p.shards[3].mu".
type lock struct {
	key  string       // the same for the same expression
	text string       // for messages
	last types.Object // the last variable or field of the expression
	vars []types.Object
}

// receiver returns the lock on which a method is called, including embedded fields on the way to the method.
func receiver(info *types.Info, sel *ast.SelectorExpr) (lock, bool) {
	l, ok := lockOf(info, sel.X)
	if !ok {
		return l, false
	}
	if s := info.Selections[sel]; s != nil {
		index := s.Index()
		l = l.through(s.Recv(), index[:len(index)-1])
	}
	return l, true
}

// lockOf returns the lock of an expression. An expression with a call or a variable index has none:
// it may mean another lock each time.
func lockOf(info *types.Info, e ast.Expr) (l lock, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := info.ObjectOf(e).(*types.Var)
		if !ok {
			return l, false
		}
		return lock{key: id(v), text: e.Name, last: v, vars: []types.Object{v}}, true
	case *ast.SelectorExpr:
		s := info.Selections[e]
		if s == nil { // pkg.Var
			v, ok := info.Uses[e.Sel].(*types.Var)
			if !ok {
				return l, false
			}
			return lock{key: id(v), text: types.ExprString(e), last: v, vars: []types.Object{v}}, true
		}
		if s.Kind() != types.FieldVal {
			return l, false
		}
		if l, ok = lockOf(info, e.X); !ok {
			return l, false
		}
		l = l.through(s.Recv(), s.Index())
		l.text = types.ExprString(e)
		return l, true
	case *ast.StarExpr:
		return lockOf(info, e.X)
	case *ast.UnaryExpr:
		if e.Op.String() == "&" {
			return lockOf(info, e.X)
		}
	case *ast.IndexExpr:
		tv := info.Types[e.Index]
		if tv.Value == nil {
			return l, false
		}
		if l, ok = lockOf(info, e.X); !ok {
			return l, false
		}
		l.key += "[" + tv.Value.ExactString() + "]"
		l.text = types.ExprString(e)
		return l, true
	}
	return l, false
}

// through returns the lock that l's fields of the given numbers lead to.
func (l lock) through(t types.Type, index []int) lock {
	l.vars = l.vars[:len(l.vars):len(l.vars)]
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return l
		}
		f := s.Field(i)
		l.key += "." + id(f.Origin())
		l.last = f.Origin()
		l.vars = append(l.vars, f.Origin())
		t = f.Type()
	}
	return l
}

// id identifies an object.
func id(o types.Object) string {
	return fmt.Sprintf("%s@%p", o.Name(), o)
}

// returnsError reports whether the last result of a function is an error.
func returnsError(fn *types.Func) bool {
	results := fn.Signature().Results()
	n := results.Len()
	return n > 0 && types.Identical(results.At(n-1).Type(), types.Universe.Lookup("error").Type())
}
