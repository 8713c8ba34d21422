// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A Once performs one action in one of the processes that share it. It lies in a [Region], and its zero value has not
// performed its action. It is 32 bytes long.
//
// The action counts as performed when its function has returned. If the process dies before, or the function panics or calls
// [runtime.Goexit], the next caller performs it again, from the beginning: so the function must be able to
// begin anew on what a part of it has left. ([sync.Once] would not call it again after a panic. There, what the
// function was to make is lost with the panic; here other processes live on and need it.)
//
// While the function runs, other callers wait as for a [Mutex].
//
// The return of the function synchronizes before the return of every call of Do that returns nil.
type Once struct {
	m    Mutex         // held while the function runs
	done atomic.Uint32 // not 0 once it has returned; changed by the owner of m
	_    [12]byte
}

// What a kill leaves of a Once:
//
//	killed                         m       done   the next caller
//	before it holds m              as was  0      performs the action
//	while f runs                   marked  0      gets ErrOwnerDied, and performs the action again
//	between done and the unlock    marked  1      returns at the first look
//
// Those that wait for m get it with the mark, and look at done again. A Once has no data to be repaired, so an owner
// calls Consistent at once, by lockInside.

// Do calls f if no call of Do for this Once has returned from its function, in any process. It blocks while another
// call does that; so an f that calls Do of the same Once blocks forever.
//
// It returns nil if f, now or before, has returned. Otherwise it returns [ErrClosed] or [ErrTruncated], and has not called f, or
// the region was lost while f ran.
func (o *Once) Do(f func()) error {
	if done, err := o.isDone(); done || err != nil {
		return err
	}
	return o.do(limit{}, f)
}

// DoContext is Do, and waits for others until ctx is done. It returns the [context.Cause] of ctx then, and has not called f. If
// ctx is already done, it returns its cause, even if the action has been performed. The context does not end f. A nil ctx
// panics.
func (o *Once) DoContext(ctx context.Context, f func()) error {
	if err := park.Ended(ctx); err != nil {
		return err
	}
	if done, err := o.isDone(); done || err != nil {
		return err
	}
	return o.do(limit{ctx: ctx}, f)
}

func (o *Once) isDone() (done bool, err error) {
	privately(unsafe.Pointer(o)) // panics if o is in no region
	defer faulted(debug.SetPanicOnFault(true), &err)
	if o.done.Load() == 0 { // acquire
		return false, nil
	}
	acquired(&o.done)
	return true, nil
}

// do calls f, unless another has. Faults and panics of f are its own: they find no guard here.
func (o *Once) do(l limit, f func()) (err error) {
	first, err := o.begin(l)
	if !first {
		return err
	}
	returned := false
	defer func() {
		if e := o.end(returned); returned {
			err = e
		}
	}()
	f()
	returned = true
	return nil
}

// begin locks m, and reports whether f is to be called. If not, it leaves m unlocked.
func (o *Once) begin(l limit) (first bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := o.m.lockInside(l); err != nil {
		return false, err
	}
	if o.done.Load() == 0 { // acquire
		return true, nil
	}
	acquired(&o.done)
	o.m.unlockInside()
	return false, nil
}

// end notes that f has returned, or that it has not, and unlocks m.
func (o *Once) end(returned bool) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if returned {
		releasing(&o.done)
		o.done.Store(1) // release
	}
	o.m.unlockInside()
	return nil
}
