// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import "runtime"

// An attr is an attribute object of the C library, with the operations that all kinds share.
type attr struct {
	_ noCopy
	o *object
}

func newAttr(a *attr, init *function) error {
	var err error
	a.o, err = newObject(attrSize, init, 0, 0)
	return err
}

// set calls f with v.
func (a *attr) set(f *function, v uintptr) error {
	defer runtime.KeepAlive(a)
	if err := a.o.usable(f); err != nil {
		return err
	}
	return check(f.do(a.o.addr, v, 0))
}

// get returns what f stores.
func (a *attr) get(f *function) (int32, error) {
	defer runtime.KeepAlive(a)
	if err := a.o.usable(f); err != nil {
		return 0, err
	}
	v, e := f.get(a.o.addr)
	return v, check(e)
}

// setIn sets the system's number of the constant with index i. If the library then reports it
// invalid, as musl does for the types of glibc, the library does not have it.
func (a *attr) setIn(f *function, table []int32, i int, what string) error {
	if err := a.o.usable(f); err != nil {
		return err
	}
	v, err := value(table, i, what)
	if err != nil {
		return err
	}
	if err := a.set(f, v); err != EINVAL {
		return err
	}
	return unsupported(what)
}

// getIn returns the index of the constant that f stores, looking at those from first on.
func (a *attr) getIn(f *function, table []int32, first int) (int, error) {
	v, err := a.get(f)
	if err != nil {
		return 0, err
	}
	return index(table, first, v), nil
}

// setShared and shared are the pshared attribute of all kinds.
func (a *attr) setShared(f *function, shared bool) error {
	return a.setIn(f, system.pshared[:], truth(shared), "PTHREAD_PROCESS_SHARED")
}

func (a *attr) shared(f *function) (bool, error) {
	i, err := a.getIn(f, system.pshared[:], 0)
	return i == 1, err
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// addr returns what an init function takes: the address, or 0 for the system's defaults if
// a is nil.
func (a *attr) addr() (uintptr, error) {
	if a == nil {
		return 0, nil
	}
	if a.o == nil {
		return 0, ErrNotMade
	}
	if a.o.unusable.Load() {
		return 0, a.o.why()
	}
	return a.o.addr, nil
}
