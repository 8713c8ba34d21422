// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// A piLocker gives a PIMutex the methods of the other locks, which panic on an error.
type piLocker struct{ m native.PIMutex }

func (l *piLocker) Lock() {
	if err := l.m.Lock(); err != nil {
		panic(err)
	}
}

func (l *piLocker) TryLock() bool {
	ok, err := l.m.TryLock()
	if err != nil {
		panic(err)
	}
	return ok
}

func (l *piLocker) Unlock() { l.m.Unlock() }

// A timedPILocker is a piLocker for systems where a wait can have a limit.
type timedPILocker struct{ piLocker }

func (l *timedPILocker) TryLockFor(d time.Duration) bool {
	ok, err := l.m.TryLockFor(d)
	if err != nil {
		panic(err)
	}
	return ok
}

const piTimed = runtime.GOOS != "darwin"

// needPI skips a test where the system has no PIMutex.
func needPI(t *testing.T) {
	t.Helper()
	var m native.PIMutex
	if err := m.Lock(); errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	m.Unlock()
}

// wantLock checks what an attempt to lock returned.
func wantLock(t *testing.T, what string, ok bool, err error, wantOK bool, wantErr error) {
	t.Helper()
	if ok != wantOK || !errors.Is(err, wantErr) {
		t.Errorf("%s = %v, %v; want %v, %v", what, ok, err, wantOK, wantErr)
	}
}

func TestPIMutex(t *testing.T) {
	needPI(t)
	locktest.Mutex(t, func() sync.Locker {
		if piTimed {
			return new(timedPILocker)
		}
		return new(piLocker)
	}, locktest.Workers(pinned), locktest.Owned(), locktest.Recoverable(), locktest.Slow(), locktest.Uneven())
}

// TestPIMutexMisuse checks each error and panic, and that the mutex works after it.
func TestPIMutexMisuse(t *testing.T) {
	needPI(t)
	var m native.PIMutex
	check := func(what string, got, want any, held bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
		if onThread() != held {
			t.Errorf("locked to the thread after %s: %v, want %v", what, onThread(), held)
		}
	}
	for range 2 {
		check("Unlock", panicking(m.Unlock), unlocked, false)
		check("Lock", m.Lock(), nil, true)
		check("Lock twice", m.Lock(), native.ErrDeadlock, true)
		ok, err := m.TryLock()
		wantLock(t, "TryLock by the owner", ok, err, false, nil)
		ok, err = m.TryLockFor(-1)
		wantLock(t, "TryLockFor(-1) by the owner", ok, err, false, nil)
		ok, err = m.TryLockFor(time.Hour)
		if piTimed {
			wantLock(t, "TryLockFor by the owner", ok, err, false, native.ErrDeadlock)
		} else {
			wantLock(t, "TryLockFor", ok, err, false, errors.ErrUnsupported)
		}
		apart(func() {
			check("Unlock by another", panicking(m.Unlock), foreign, false)
			ok, err := m.TryLock()
			wantLock(t, "TryLock by another", ok, err, false, nil)
			check("TryLock in vain", nil, nil, false)
		})
		check("all this", nil, nil, true)
		m.Unlock()
		check("the last Unlock", nil, nil, false)
	}
}

// TestPIMutexTryLockForEndsInTime lets a thread wait in vain, twice.
func TestPIMutexTryLockForEndsInTime(t *testing.T) {
	needPI(t)
	var m native.PIMutex
	if !piTimed {
		ok, err := m.TryLockFor(time.Hour)
		wantLock(t, "TryLockFor", ok, err, false, errors.ErrUnsupported)
		t.Skip("no wait with a limit here")
	}
	const limit = 5 * time.Millisecond
	for range 2 { // the second owner finds the mark of the first one's waiter
		if err := m.Lock(); err != nil {
			t.Fatal(err)
		}
		apart(func() {
			start := time.Now()
			ok, err := m.TryLockFor(limit)
			wantLock(t, "TryLockFor", ok, err, false, nil)
			if took := time.Since(start); took < limit {
				t.Errorf("TryLockFor(%v) gave up after %v", limit, took)
			}
		})
		m.Unlock()
		ok, err := m.TryLockFor(time.Hour)
		wantLock(t, "TryLockFor of a free lock", ok, err, true, nil)
		m.Unlock()
	}
}

// TestPIMutexGivingUp lets threads give up at about the time when they are handed the lock. No hand-off
// is lost, and none happens twice.
func TestPIMutexGivingUp(t *testing.T) {
	needPI(t)
	if !piTimed {
		t.Skip("no wait with a limit here")
	}
	var m native.PIMutex
	g := locktest.NewCrew(t, locktest.Goroutines)
	total, granted := 0, make([]int, 6)
	for id := range granted {
		g.Start(func() {
			for i := range g.Repeat(locktest.Rounds(2000)) {
				ok, err := m.TryLockFor(time.Duration(i%50) * time.Microsecond)
				if err != nil {
					t.Error(err)
					return
				}
				if ok {
					total++
					granted[id]++
					if i%7 == 0 {
						runtime.Gosched()
					}
					m.Unlock()
				}
			}
		})
	}
	g.Join()
	sum := 0
	for _, n := range granted {
		sum += n
	}
	if sum != total || sum == 0 {
		t.Errorf("%d grants, but %d turns", sum, total)
	}
	ok, err := m.TryLock()
	wantLock(t, "TryLock after all", ok, err, true, nil)
	m.Unlock()
}

func TestPIMutexErrorsNameThePackage(t *testing.T) {
	for _, err := range []error{native.ErrOwnerDied, native.ErrDeadlock} {
		if !strings.HasPrefix(err.Error(), "native: ") {
			t.Errorf("%q does not name the package", err)
		}
	}
}
