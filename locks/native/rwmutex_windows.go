// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A rawRWMutex is an SRWLOCK, the number of its readers, and a place for the threads that wait
// with a limit.
//
// A thread that waits with a limit is not in the system's queue: it tries again after each release.
// So a writer with a limit does not block readers.
type rawRWMutex struct {
	lk      windows.SRWLock
	readers atomic.Int32 // at most the readers inside, which count themselves late
	timed   timedWaiters
}

// reading returns how many readers are inside.
func (rw *rawRWMutex) reading() uint32 { return uint32(rw.readers.Load()) }

func (rw *rawRWMutex) tryRLock() bool {
	ok, _ := windows.TryAcquireSRWLockShared(&rw.lk)
	if ok {
		rw.readers.Add(1)
	}
	return ok
}

// rLock locks rw for reading and reports true, or false after limit. The zero limit is never
// reached.
func (rw *rawRWMutex) rLock(limit time.Time) bool {
	if !limit.IsZero() {
		return rw.timed.wait(rw.tryRLock, limit)
	}
	_ = windows.AcquireSRWLockShared(&rw.lk)
	rw.readers.Add(1)
	return true
}

// rUnlock takes one reader out. It reports false if there is none; SRWLOCK itself does not detect
// that, and is corrupted.
func (rw *rawRWMutex) rUnlock() bool {
	for {
		n := rw.readers.Load()
		if n == 0 {
			return false
		}
		if rw.readers.CompareAndSwap(n, n-1) {
			break
		}
	}
	_ = windows.ReleaseSRWLockShared(&rw.lk)
	rw.timed.released(wakeAll)
	return true
}

func (rw *rawRWMutex) tryLock() bool {
	ok, _ := windows.TryAcquireSRWLockExclusive(&rw.lk)
	return ok
}

// lock locks rw for writing and reports true, or false after limit. The zero limit is never
// reached.
func (rw *rawRWMutex) lock(limit time.Time) bool {
	if !limit.IsZero() {
		return rw.timed.wait(rw.tryLock, limit)
	}
	_ = windows.AcquireSRWLockExclusive(&rw.lk)
	return true
}

func (rw *rawRWMutex) unlock() {
	_ = windows.ReleaseSRWLockExclusive(&rw.lk)
	rw.timed.released(wakeAll)
}
