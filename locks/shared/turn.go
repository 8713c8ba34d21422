// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"unsafe"

	"github.com/osync-go/osync/internal/spin"
)

const spinTries, spinPauses = 10, 30 // as locks.Mutex

// inTurn waits for the lock whose word o is and takes it, up to a limit. The goroutines of the process wait for each other at the
// gate, and the first of them for other processes.
//
// own returns what stands for the process in the word. try takes the lock as that, if it can; what it was given as sleepers stays
// set in the word. wait sleeps until the word may have changed from s, which has an owner, and sets waiters before. end is called
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
	sleepers := uint32(0) // waiters once this goroutine has slept: others may go on sleeping when it was woken
	for {
		id, err := own()
		if err != nil {
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
