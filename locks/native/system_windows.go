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

// Supported returns nil if the locks of this package work here. If not, its error
// says what is missing, it is an [errors.ErrUnsupported], and the locks panic with it at
// first use. It is nil on Linux, macOS and Windows.
func Supported() error { return trySystem() }

// trySystem calls each function of the system's that the locks use, so that they need not
// look at errors: what could be called once is there.
var trySystem = sync.OnceValue(func() error {
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
