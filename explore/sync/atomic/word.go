// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package atomic

import (
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// step takes the step of an operation on the word at addr.
func step[T word](t *engine.Thread, name string, addr *T, access engine.Access) {
	t.Step(&engine.Op{Name: name, Addr: unsafe.Pointer(addr), Access: access, Word: kind[T]()})
}

// A word is a type that sync/atomic's functions operate on.
type word interface {
	int32 | uint32 | int64 | uint64 | uintptr | unsafe.Pointer
}

// kind returns how the engine shows a T.
func kind[T word]() engine.Word {
	var v T
	if _, ok := any(v).(unsafe.Pointer); ok {
		return engine.WordPointer
	}
	if unsafe.Sizeof(v) == 4 {
		return engine.Word32
	}
	return engine.Word64
}

// bits returns v in the form that the engine compares.
func bits[T word](v T) uint64 {
	if unsafe.Sizeof(v) == 4 {
		return uint64(*(*uint32)(unsafe.Pointer(&v))) // a word of 4 bytes may be read as a uint32
	}
	return *(*uint64)(unsafe.Pointer(&v)) // the others have 8
}

func load[T word](addr *T, real func(*T) T) T {
	t := engine.Self()
	if t == nil {
		return real(addr)
	}
	step(t, "Load", addr, engine.Read)
	return *addr
}

func store[T word](addr *T, val T, real func(*T, T)) {
	t := engine.Self()
	if t == nil {
		real(addr, val)
		return
	}
	step(t, "Store", addr, engine.Store)
	*addr = val
}

func swap[T word](addr *T, val T, real func(*T, T) T) T {
	t := engine.Self()
	if t == nil {
		return real(addr, val)
	}
	t.Step(&engine.Op{Name: "Swap", Addr: unsafe.Pointer(addr), Access: engine.Write, Word: kind[T](), Same: true, Old: bits(val)})
	old := *addr
	*addr = val
	return old
}

func compareAndSwap[T word](addr *T, old, val T, real func(*T, T, T) bool) bool {
	t := engine.Self()
	if t == nil {
		return real(addr, old, val)
	}
	if !t.StepCompare(&engine.Op{
		Name: "CompareAndSwap", Addr: unsafe.Pointer(addr), Access: engine.Write, Word: kind[T](), Compare: true, Old: bits(old),
	}) {
		return false
	}
	*addr = val
	return true
}

func add[T integer](addr *T, delta T, real func(*T, T) T) T {
	t := engine.Self()
	if t == nil {
		return real(addr, delta)
	}
	step(t, "Add", addr, engine.Write)
	*addr += delta
	return *addr
}

func and[T integer](addr *T, mask T, real func(*T, T) T) T {
	t := engine.Self()
	if t == nil {
		return real(addr, mask)
	}
	step(t, "And", addr, engine.Write)
	old := *addr
	*addr &= mask
	return old
}

func or[T integer](addr *T, mask T, real func(*T, T) T) T {
	t := engine.Self()
	if t == nil {
		return real(addr, mask)
	}
	step(t, "Or", addr, engine.Write)
	old := *addr
	*addr |= mask
	return old
}

// An integer is a word that supports arithmetic.
type integer interface {
	int32 | uint32 | int64 | uint64 | uintptr
}
