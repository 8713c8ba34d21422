// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package atomic_test

import (
	"fmt"
	"testing"
	"unsafe"

	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/sync/atomic"
)

// An integer is a type of sync/atomic, with its methods.
type integer[T any] interface {
	Load() T
	Store(val T)
	Swap(val T) T
	CompareAndSwap(old, val T) bool
	Add(delta T) T
	And(mask T) T
	Or(mask T) T
}

type number interface {
	int32 | uint32 | int64 | uint64 | uintptr
}

func testInteger[T number](t *testing.T, x integer[T]) {
	t.Helper()
	x.Store(12)
	for _, step := range []struct {
		name             string
		got, want, after T
	}{
		{"Load", x.Load(), 12, 12},
		{"Swap", x.Swap(10), 12, 10},
		{"Add", x.Add(5), 15, 15},
		{"Add of -1", x.Add(^T(0)), 14, 14},
		{"And", x.And(7), 14, 6},
		{"Or", x.Or(9), 6, 15},
	} {
		if step.got != step.want {
			t.Errorf("%T: %s returned %v, want %v", x, step.name, step.got, step.want)
		}
	}
	if x.CompareAndSwap(14, 1) || x.Load() != 15 || !x.CompareAndSwap(15, ^T(0)) || x.Load() != ^T(0) || !x.CompareAndSwap(^T(0), 3) {
		t.Errorf("%T: CompareAndSwap is wrong", x)
	}
}

// functions implements integer with the functions of the package.
type functions[T number] struct {
	v     T
	load  func(*T) T
	store func(*T, T)
	swap  func(*T, T) T
	cas   func(*T, T, T) bool
	add   func(*T, T) T
	and   func(*T, T) T
	or    func(*T, T) T
}

func (f *functions[T]) Load() T                        { return f.load(&f.v) }
func (f *functions[T]) Store(val T)                    { f.store(&f.v, val) }
func (f *functions[T]) Swap(val T) T                   { return f.swap(&f.v, val) }
func (f *functions[T]) CompareAndSwap(old, val T) bool { return f.cas(&f.v, old, val) }
func (f *functions[T]) Add(delta T) T                  { return f.add(&f.v, delta) }
func (f *functions[T]) And(mask T) T                   { return f.and(&f.v, mask) }
func (f *functions[T]) Or(mask T) T                    { return f.or(&f.v, mask) }

func testAtomics(t *testing.T) {
	testInteger(t, new(atomic.Int32))
	testInteger(t, new(atomic.Uint32))
	testInteger(t, new(atomic.Int64))
	testInteger(t, new(atomic.Uint64))
	testInteger(t, new(atomic.Uintptr))
	testInteger(t, &functions[int32]{
		0, atomic.LoadInt32, atomic.StoreInt32, atomic.SwapInt32, atomic.CompareAndSwapInt32,
		atomic.AddInt32, atomic.AndInt32, atomic.OrInt32,
	})
	testInteger(t, &functions[uint32]{
		0, atomic.LoadUint32, atomic.StoreUint32, atomic.SwapUint32, atomic.CompareAndSwapUint32,
		atomic.AddUint32, atomic.AndUint32, atomic.OrUint32,
	})
	testInteger(t, &functions[int64]{
		0, atomic.LoadInt64, atomic.StoreInt64, atomic.SwapInt64, atomic.CompareAndSwapInt64,
		atomic.AddInt64, atomic.AndInt64, atomic.OrInt64,
	})
	testInteger(t, &functions[uint64]{
		0, atomic.LoadUint64, atomic.StoreUint64, atomic.SwapUint64, atomic.CompareAndSwapUint64,
		atomic.AddUint64, atomic.AndUint64, atomic.OrUint64,
	})
	testInteger(t, &functions[uintptr]{
		0, atomic.LoadUintptr, atomic.StoreUintptr, atomic.SwapUintptr, atomic.CompareAndSwapUintptr,
		atomic.AddUintptr, atomic.AndUintptr, atomic.OrUintptr,
	})

	var b atomic.Bool
	if b.Load() || b.CompareAndSwap(true, false) || !b.CompareAndSwap(false, true) || !b.Load() || !b.Swap(false) || b.Load() {
		t.Error("Bool is wrong")
	}
	if b.Store(true); !b.Load() {
		t.Error("Bool.Store is wrong")
	}

	var p atomic.Pointer[int]
	x, y := new(int), new(int)
	if p.Load() != nil || p.CompareAndSwap(x, y) || !p.CompareAndSwap(nil, x) || p.Load() != x || p.Swap(y) != x || p.Load() != y {
		t.Error("Pointer is wrong")
	}
	if p.Store(x); p.Load() != x {
		t.Error("Pointer.Store is wrong")
	}
	var u unsafe.Pointer
	ux, uy := unsafe.Pointer(x), unsafe.Pointer(y)
	atomic.StorePointer(&u, ux)
	if atomic.LoadPointer(&u) != ux || atomic.CompareAndSwapPointer(&u, uy, ux) || !atomic.CompareAndSwapPointer(&u, ux, uy) ||
		atomic.SwapPointer(&u, nil) != uy || u != nil {
		t.Error("the functions for pointers are wrong")
	}
}

func testValue(t *testing.T) {
	var v atomic.Value
	if v.Load() != nil || !v.CompareAndSwap(nil, 1) || v.CompareAndSwap(2, 3) || !v.CompareAndSwap(1, 3) || v.Swap(4) != 3 || v.Load() != 4 {
		t.Error("Value is wrong")
	}
	if v.Store(5); v.Load() != 5 {
		t.Error("Value.Store is wrong")
	}
	for want, f := range map[string]func(){
		"sync/atomic: store of nil value into Value":                             func() { v.Store(nil) },
		"sync/atomic: store of inconsistently typed value into Value":            func() { v.Store("") },
		"sync/atomic: swap of nil value into Value":                              func() { v.Swap(nil) },
		"sync/atomic: swap of inconsistently typed value into Value":             func() { v.Swap("") },
		"sync/atomic: compare and swap of nil value into Value":                  func() { v.CompareAndSwap(5, nil) },
		"sync/atomic: compare and swap of inconsistently typed values":           func() { v.CompareAndSwap(5, "") },
		"sync/atomic: compare and swap of inconsistently typed value into Value": func() { v.CompareAndSwap(nil, "") },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panicked with %v, want %v", got, want)
				}
			}()
			f()
		}()
	}
}

func TestOutside(t *testing.T) {
	testAtomics(t)
	testValue(t)
}

func TestExplored(t *testing.T) {
	Outcomes(t, func() string { testAtomics(t); testValue(t); return "" }, "")
}

// State that an execution leaves behind is gone in the next.
func TestRestored(t *testing.T) {
	var (
		i atomic.Int64
		v atomic.Value
		p atomic.Pointer[int]
	)
	i.Store(1)
	v.Store(1)
	Outcomes(t, func() string {
		All(func() { i.Add(1) }, func() { i.CompareAndSwap(i.Load(), 5); v.Store(v.Load().(int) + 1); p.Store(new(int)) })
		return fmt.Sprint(i.Load(), v.Load(), p.Load() != nil)
	}, "5 2 true", "6 2 true", "2 2 true")
	if i.Load() != 1 || v.Load() != 1 || p.Load() != nil {
		t.Errorf("the exploration left %d, %v and %v behind", i.Load(), v.Load(), p.Load())
	}
}

// Each operation is one step: two additions are never lost, whereas an addition by a load and a
// store can be.
func TestSteps(t *testing.T) {
	Outcomes(t, func() string {
		var a, b atomic.Uint32
		var c atomic.Value
		c.Store(0)
		f := func() {
			a.Add(1)
			b.Store(b.Load() + 1)
			for {
				if n := c.Load().(int); c.CompareAndSwap(n, n+1) {
					return
				}
			}
		}
		All(f, f)
		return fmt.Sprint(a.Load(), b.Load(), c.Load())
	}, "2 1 2", "2 2 2")
}

func TestValueStores(t *testing.T) {
	Outcomes(t, func() string {
		var v atomic.Value
		seen := any(nil)
		All(func() { v.Store(1) }, func() { v.Store(2); seen = v.Load() })
		return fmt.Sprint(seen, v.Load())
	}, "1 1", "2 1", "2 2")
}

// Of a store and a load in each of two goroutines, at least one load sees the other's store.
func TestSequentiallyConsistent(t *testing.T) {
	Outcomes(t, func() string {
		var x, y atomic.Bool
		var a, b bool
		All(
			func() { x.Store(true); a = y.Load() },
			func() { y.Store(true); b = x.Load() },
		)
		return fmt.Sprint(a, b)
	}, "true true", "true false", "false true")
}

func TestAllocations(t *testing.T) {
	var (
		i atomic.Int32
		u atomic.Uint64
		p atomic.Pointer[int]
	)
	operations := func() {
		i.Add(1)
		u.Or(1)
		i.CompareAndSwap(1, 2)
		p.Store(nil)
		p.Load()
	}
	if n := testing.AllocsPerRun(10, operations); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
	first := true // of each execution of the engine's own memory
	Outcomes(t, func() string {
		if n := testing.AllocsPerRun(100, operations); n != 0 && !first {
			t.Errorf("%v allocations in an exploration, want none", n)
		}
		first = false
		return ""
	}, "")
}
