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
// T must hold only numbers, arrays, structs and locks of this package. It must not hold pointers, and so no strings,
// slices, maps, interfaces or functions, nor uintptr, nor locks of package sync or of other packages of osync.
// Otherwise the error is [ErrType], with a message that names the field. If the size of T is zero, or exceeds the
// region's data, the error is [ErrSize].
//
// The first Map of a region settles the type of its data, for all processes and for as long as the region exists. Later
// calls need a type with the same names, places and kinds of fields, lengths of arrays, and locks; otherwise the error
// is [ErrLayout]. So a program in which a field was renamed, or in which an int has another size, does not misinterpret
// old data. The names of types do not matter.
func Map[T any](r *Region) (_ *T, err error) {
	if err := r.place(reflect.TypeFor[T]()); err != nil {
		return nil, &RegionError{"map", r.name, err}
	}
	return (*T)(pointer(r.base + uintptr(dataAt))), nil
}

// place checks that the data can be, and is, a T.
func (r *Region) place(t reflect.Type) (err error) {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.exit()
	defer faulted(debug.SetPanicOnFault(true), &err)
	l, err := layoutOf(t)
	if err != nil {
		return err
	}
	if size := r.size - uintptr(dataAt); t.Size() > size {
		return fmt.Errorf("%w: a %s has %d bytes, and the region's data %d", ErrSize, t, t.Size(), size)
	}
	return r.settle(l)
}

// settle records the layout of the data, or checks it.
func (r *Region) settle(l layout) error {
	// The system's lock excludes other open files and processes; this one excludes goroutines of
	// this process.
	r.settling.Lock()
	defer r.settling.Unlock()
	if err := r.lockInit(); err != nil {
		return err
	}
	defer r.unlockInit()
	h := r.header()
	switch h.settled.Load() {
	case 0:
		h.layout = l
		h.settled.Store(1)
	case 1:
		if h.layout != l {
			return ErrLayout
		}
	default:
		return ErrForeign
	}
	return nil
}
