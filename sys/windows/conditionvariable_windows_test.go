// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// TestConditionVariableSRW passes items from one thread to others, through both modes of
// the lock: a consumer sleeps in shared mode until there is something, then takes it.
func TestConditionVariableSRW(t *testing.T) {
	const items, consumers = 500, 3
	var (
		l           windows.SRWLock
		some, gone  windows.ConditionVariable
		full        bool
		taken, left = 0, items
	)
	ok(t, windows.InitializeConditionVariable(&some))
	consumer := func(int) {
		for {
			ok(t, windows.AcquireSRWLockShared(&l))
			for !full && left > 0 {
				ok(t, windows.SleepConditionVariableSRW(&some, &l, windows.INFINITE, windows.CONDITION_VARIABLE_LOCKMODE_SHARED))
			}
			ok(t, windows.ReleaseSRWLockShared(&l))
			ok(t, windows.AcquireSRWLockExclusive(&l))
			if full {
				full = false
				taken++
				ok(t, windows.WakeConditionVariable(&gone))
			}
			end := left == 0 && !full
			ok(t, windows.ReleaseSRWLockExclusive(&l))
			if end {
				return
			}
		}
	}
	join := start(t, func() {
		for range items {
			ok(t, windows.AcquireSRWLockExclusive(&l))
			for full {
				ok(t, windows.SleepConditionVariableSRW(&gone, &l, windows.INFINITE, 0))
			}
			full = true
			left--
			ok(t, windows.ReleaseSRWLockExclusive(&l))
			ok(t, windows.WakeAllConditionVariable(&some))
		}
	})
	together(t, consumers, consumer)
	join()
	if taken != items {
		t.Errorf("%d items of %d arrived", taken, items)
	}
}

// TestConditionVariableTimeout checks a sleep that no thread ends: its error, and that the
// lock is held again.
func TestConditionVariableTimeout(t *testing.T) {
	pinned(t)
	var (
		l windows.SRWLock
		c windows.ConditionVariable
	)
	for _, ms := range []uint32{0, 1, 20} {
		for _, mode := range []uint32{0, windows.CONDITION_VARIABLE_LOCKMODE_SHARED} {
			if mode == 0 {
				ok(t, windows.AcquireSRWLockExclusive(&l))
			} else {
				ok(t, windows.AcquireSRWLockShared(&l))
			}
			err := error(nil)
			for err == nil { // a spurious wake has none
				err = windows.SleepConditionVariableSRW(&c, &l, ms, mode)
			}
			wantError(t, "SleepConditionVariableSRW", err, windows.ERROR_TIMEOUT)
			elsewhere(t, func() {
				if tried(t)(windows.TryAcquireSRWLockExclusive(&l)) {
					t.Errorf("after a timeout of %d ms in mode %d the lock is free", ms, mode)
				}
			})
			if mode == 0 {
				ok(t, windows.ReleaseSRWLockExclusive(&l))
			} else {
				ok(t, windows.ReleaseSRWLockShared(&l))
			}
		}
	}
}

// TestConditionVariableCS does the same with a critical section.
func TestConditionVariableCS(t *testing.T) {
	pinned(t)
	var (
		cs    windows.CriticalSection
		c     windows.ConditionVariable
		ready bool
	)
	ok(t, windows.InitializeCriticalSection(&cs))
	defer windows.DeleteCriticalSection(&cs)

	ok(t, windows.EnterCriticalSection(&cs))
	err := error(nil)
	for err == nil {
		err = windows.SleepConditionVariableCS(&c, &cs, 1)
	}
	wantError(t, "SleepConditionVariableCS", err, windows.ERROR_TIMEOUT)

	join := start(t, func() {
		ok(t, windows.EnterCriticalSection(&cs))
		ready = true
		ok(t, windows.LeaveCriticalSection(&cs))
		ok(t, windows.WakeConditionVariable(&c))
	})
	for !ready {
		ok(t, windows.SleepConditionVariableCS(&c, &cs, 0xFFFFFFFE))
	}
	ok(t, windows.LeaveCriticalSection(&cs))
	join()
}
