// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"fmt"
	"sync"

	"github.com/osync-go/osync/sys/futex"
	"github.com/osync-go/osync/sys/windows"
)

// supported calls each function of the system that the locks use, so that the locks can ignore
// errors: a function that could be called once exists.
var supported = sync.OnceValue(func() error {
	var l windows.SRWLock
	var c windows.ConditionVariable
	_, exclusive := windows.TryAcquireSRWLockExclusive(&l)
	released := windows.ReleaseSRWLockExclusive(&l)
	_, shared := windows.TryAcquireSRWLockShared(&l)
	releasedShared := windows.ReleaseSRWLockShared(&l)
	again := windows.AcquireSRWLockShared(&l)
	_ = windows.ReleaseSRWLockShared(&l)
	last := windows.AcquireSRWLockExclusive(&l)
	slept := windows.SleepConditionVariableSRW(&c, &l, 0, 0)
	if slept == windows.ERROR_TIMEOUT {
		slept = nil
	}
	_ = windows.ReleaseSRWLockExclusive(&l)
	_, clock := windows.QueryUnbiasedInterruptTime()
	var wait error
	if !futex.Supported(futex.Private) {
		wait = fmt.Errorf("WaitOnAddress: %w", errors.ErrUnsupported)
	}
	err := errors.Join(exclusive, released, shared, releasedShared, again, last, slept,
		windows.WakeConditionVariable(&c), windows.WakeAllConditionVariable(&c), clock, wait)
	if err != nil {
		return fmt.Errorf("native: %w", err)
	}
	return nil
})

// A systemLock is an SRWLOCK.
type systemLock struct{ windows.SRWLock }

func (l *systemLock) tryLock() bool {
	ok, _ := windows.TryAcquireSRWLockExclusive(&l.SRWLock)
	return ok
}

func (l *systemLock) lock()   { _ = windows.AcquireSRWLockExclusive(&l.SRWLock) }
func (l *systemLock) unlock() { _ = windows.ReleaseSRWLockExclusive(&l.SRWLock) }
