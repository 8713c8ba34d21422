// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"fmt"
	"reflect"
	"runtime/debug"
)

// Map returns the T at the beginning of the region's data. In a new region all of its bytes are zero, which is the unlocked
// state of locks.
//
// T must hold numbers, arrays and structs only, no pointers, and so no strings, slices and maps. The first Map settles what
// the region holds; a later one with a type of other fields or sizes is an error. So is a T that is larger
// than the data.
func Map[T any](r *Region) (_ *T, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	t := reflect.TypeFor[T]()
	l, err := layoutOf(t)
	if err != nil {
		return nil, &RegionError{"map", r.name, err}
	}
	if r.over() {
		return nil, ErrClosed
	}
	if uintptr(dataAt)+t.Size() > r.size {
		return nil, &RegionError{"map", r.name, fmt.Errorf("%w: %s has %d bytes, the region %d", ErrSize, t, t.Size(), r.size-uintptr(dataAt))}
	}
	if err := r.settle(l); err != nil {
		return nil, &RegionError{"map", r.name, err}
	}
	return (*T)(pointer(r.base + uintptr(dataAt))), nil
}

// settle notes the layout of the data, or checks it.
func (r *Region) settle(l layout) error {
	if err := r.lockInit(); err != nil {
		return err
	}
	defer r.unlockInit()
	h := r.header()
	if h.settled.Load() == 0 {
		h.layout = l
		h.settled.Store(1)
	}
	if h.layout != l {
		return ErrLayout
	}
	return nil
}
