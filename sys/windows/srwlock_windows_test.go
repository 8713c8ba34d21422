// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// TestSRWLockModes checks which acquisitions exclude which.
func TestSRWLockModes(t *testing.T) {
	pinned(t)
	var l windows.SRWLock
	exclusive := func() (got bool) {
		elsewhere(t, func() {
			if got = tried(t)(windows.TryAcquireSRWLockExclusive(&l)); got {
				ok(t, windows.ReleaseSRWLockExclusive(&l))
			}
		})
		return got
	}
	shared := func() (got bool) {
		elsewhere(t, func() {
			if got = tried(t)(windows.TryAcquireSRWLockShared(&l)); got {
				ok(t, windows.ReleaseSRWLockShared(&l))
			}
		})
		return got
	}
	check := func(state string, wantExclusive, wantShared bool) {
		t.Helper()
		if got := exclusive(); got != wantExclusive {
			t.Errorf("%s: TryAcquireSRWLockExclusive = %v, want %v", state, got, wantExclusive)
		}
		if got := shared(); got != wantShared {
			t.Errorf("%s: TryAcquireSRWLockShared = %v, want %v", state, got, wantShared)
		}
	}

	check("the zero value", true, true)
	ok(t, windows.AcquireSRWLockExclusive(&l))
	check("held exclusively", false, false)
	if tried(t)(windows.TryAcquireSRWLockExclusive(&l)) {
		t.Error("the holder acquired the lock a second time")
	}
	ok(t, windows.ReleaseSRWLockExclusive(&l))
	check("released", true, true)
	ok(t, windows.AcquireSRWLockShared(&l))
	check("held shared", false, true)
	ok(t, windows.ReleaseSRWLockShared(&l))
	check("released again", true, true)
	ok(t, windows.InitializeSRWLock(&l))
	check("initialized", true, true)
}

// TestSRWLockExclusion counts without atomics, under the lock.
func TestSRWLockExclusion(t *testing.T) {
	const threads, rounds = 4, 2000
	var (
		l       windows.SRWLock
		n, seen int
	)
	together(t, threads, func(i int) {
		for range rounds {
			if i == 0 { // a reader among the writers
				ok(t, windows.AcquireSRWLockShared(&l))
				if n < seen {
					t.Errorf("a reader saw %d after %d", n, seen)
				}
				seen = n
				ok(t, windows.ReleaseSRWLockShared(&l))
				continue
			}
			ok(t, windows.AcquireSRWLockExclusive(&l))
			n++
			ok(t, windows.ReleaseSRWLockExclusive(&l))
		}
	})
	if want := (threads - 1) * rounds; n != want {
		t.Errorf("%d increments of %d were seen", n, want)
	}
}
