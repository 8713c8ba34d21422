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

// A Once performs one action in one of the processes that share it. It is in a [Region], and its zero value has not
// performed its action. It is 32 bytes long.
//
// The action counts as performed when its function has returned. If the process dies before that, or if the function
// panics or calls [runtime.Goexit], the next caller performs the action again, from the beginning. So the function must
// be able to start over after a partial execution. (A [sync.Once] does not call its function again after a panic. Here,
// other processes live on and need the result.)
//
// While the function runs, other callers wait as for a [Mutex].
//
// The return of the function synchronizes before the return of every call of Do that returns nil.
type Once struct {
	m    Mutex         // held while the function runs
	done atomic.Uint32 // not 0 once it has returned; changed by the owner of m
	_    [12]byte
}

// The state of a Once after a kill:
//
//	killed                         m       done   the next caller
//	before it holds m              as was  0      performs the action
//	while f runs                   marked  0      gets ErrOwnerDied, and performs the action again
//	between done and the unlock    marked  1      returns at the first look
//
// A goroutine that waits for m gets it with the mark, and checks done again. A Once has no data to repair, so
// lockInside calls Consistent at once.

// Do calls f if no function of a call of Do for this Once has returned, in any process. It blocks while another
// call runs its function, so an f that calls Do of the same Once blocks forever.
//
// Do returns nil if the function of this or an earlier call has returned. Otherwise it returns [ErrClosed] or
// [ErrTruncated]; then it has not called f, or the region was lost while f ran.
func (o *Once) Do(f func()) error {
	if done, err := o.isDone(); done || err != nil {
		return err
	}
	return o.do(limit{}, f)
}

// DoContext is Do, but waits for other callers only until ctx is done. Then it returns the [context.Cause] of ctx, and
// has not called f. If ctx is already done, DoContext returns its cause, even if the action has been performed. The
// context does not end f. A nil ctx panics.
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

// do calls f, unless another caller has. It does not intercept faults and panics of f.
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

// begin locks m, and reports whether to call f. If not, m is not locked when it returns.
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

// end records whether f has returned, and unlocks m.
func (o *Once) end(returned bool) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if returned {
		releasing(&o.done)
		o.done.Store(1) // release
	}
	o.m.unlockInside()
	return nil
}
