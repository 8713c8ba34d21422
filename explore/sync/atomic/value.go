// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package atomic

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Value loads and stores values of one type.
type Value struct {
	_ noCopy
	v atomic.Value // outside an exploration, and the value at the beginning of each execution
}

// modelOf returns the location of the value in this execution, or nil outside an exploration.
func (v *Value) modelOf(name string, access engine.Access) *any {
	t := engine.Self()
	if t == nil {
		return nil
	}
	t.Step(&engine.Op{Name: name, Addr: unsafe.Pointer(v), Access: access})
	return t.State(unsafe.Pointer(v), func() any {
		first := v.v.Load()
		return &first
	}).(*any)
}

// Load returns the value, or nil if there is none yet.
func (v *Value) Load() (val any) {
	m := v.modelOf("Value.Load", engine.Read)
	if m == nil {
		return v.v.Load()
	}
	return *m
}

// Store sets the value. All values must have the same type, and none may be nil.
func (v *Value) Store(val any) {
	m := v.modelOf("Value.Store", engine.Store)
	if m == nil {
		v.v.Store(val)
		return
	}
	check("store", *m, val)
	*m = val
}

// Swap sets the value and returns the previous one, or nil if there is none.
func (v *Value) Swap(new any) (old any) {
	m := v.modelOf("Value.Swap", engine.Write)
	if m == nil {
		return v.v.Swap(new)
	}
	check("swap", *m, new)
	old, *m = *m, new
	return old
}

// CompareAndSwap sets the value to new if it is old, and reports whether it did. It panics if old
// cannot be compared.
func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	m := v.modelOf("Value.CompareAndSwap", engine.Write)
	if m == nil {
		return v.v.CompareAndSwap(old, new)
	}
	if old != nil && new != nil && reflect.TypeOf(old) != reflect.TypeOf(new) {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	check("compare and swap", *m, new)
	if *m != old {
		return false
	}
	*m = new
	return true
}

// check panics as package sync/atomic does if val must not replace old.
func check(operation string, old, val any) {
	if val == nil {
		panic("sync/atomic: " + operation + " of nil value into Value")
	}
	if old != nil && reflect.TypeOf(old) != reflect.TypeOf(val) {
		panic("sync/atomic: " + operation + " of inconsistently typed value into Value")
	}
}
