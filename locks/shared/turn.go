// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"unsafe"

	"github.com/osync-go/osync/internal/spin"
)

const spinTries, spinPauses = 10, 30 // as locks.Mutex

// inTurn waits for the lock whose word is o and takes it, up to a limit. The goroutines of the process wait for each
// other at the gate, and the first of them waits for other processes.
//
// own returns the id of the process in the word. try takes the lock with that id, if it can, and keeps sleepers set in
// the word. wait sets waiters, and sleeps until the word may have changed from s, which has an owner. end is called
// when the turn is over.
func (o *owned) inTurn(l limit, own func() (uint32, error), try func(id, sleepers uint32) (bool, error), wait func(s uint32) error, end func()) error {
	r, err := enter(unsafe.Pointer(o))
	if err != nil {
		return err
	}
	defer r.exit()
	gate := &o.local().gate
	if err := gate.LockLimit(l.local()); err != nil {
		return reason(err)
	}
	defer gate.Unlock()
	defer end()
	budget := spin.NewBudget(spinTries, spinPauses)
	sleepers := uint32(0) // waiters once this goroutine has slept, since others may still sleep when it is woken
	for {
		id, err := own()
		if err != nil {
			if sleepers != 0 { // the wake is another's
				o.passOn()
			}
			return err
		}
		if locked, err := try(id, sleepers); locked || err != nil {
			return err
		}
		if sleepers == 0 && !budget.Spent() && !spin.Crowded() {
			budget.Spend()
			continue
		}
		s := o.word.Load()
		if s&ownerMask != 0 {
			sleepers = waiters
			err = wait(s)
		} else if s&died != 0 {
			err = l.pause()
		}
		if err != nil {
			o.passOn()
			return err
		}
	}
}
