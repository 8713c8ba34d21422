// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/sys/linux"
)

// comeRound returns how many threads must start before the kernel's ids come round.
func comeRound(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/kernel/pid_max")
	if err != nil {
		t.Skipf("the kernel does not say when ids come round: %v", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n > 1<<16 || testing.Short() {
		t.Skipf("ids come round after %d threads: too long for the test", n)
	}
	return 2 * n
}

// TestPIMutexInherited has a thread come to the id of one that has ended with the lock: it learns
// that the owner died, and others wait for it as for any owner.
func TestPIMutexInherited(t *testing.T) {
	needPI(t)
	for _, tt := range []struct {
		name    string
		attempt func(m *native.PIMutex) (bool, error)
	}{
		{"TryLock", (*native.PIMutex).TryLock},
		{"Lock", func(m *native.PIMutex) (bool, error) {
			err := m.Lock()
			return err == native.ErrOwnerDied, err
		}},
	} {
		ok := t.Run(tt.name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var m native.PIMutex
			late := m.HeldByDead(linux.Gettid())
			if p := panicking(m.Unlock); p != foreign {
				t.Errorf("Unlock by the heir of the id: panic with %v, want %q", p, foreign)
			}
			ok, err := tt.attempt(&m)
			wantLock(t, tt.name, ok, err, true, native.ErrOwnerDied)
			if !ok {
				return
			}
			apart(func() {
				if ok, err := late(); ok || err != nil {
					t.Errorf("one that saw the owner dead before it had an heir: %v, %v", ok, err)
				}
				if ok, err := m.TryLock(); ok || err != nil {
					t.Errorf("TryLock beside the heir: %v, %v", ok, err)
				}
			})
			if t.Failed() {
				return
			}
			if err := m.Lock(); err != native.ErrDeadlock {
				t.Errorf("Lock by the heir, twice = %v, want ErrDeadlock", err)
			}
			m.Unlock()
			if !m.Idle() {
				t.Error("something is left of it")
			}
		})
		if !ok {
			return // Lock would try for ever
		}
	}
}

// TestPIMutexTakenMeanwhile has one that saw a dead owner go on when the word has changed: that one gives
// up, and others can take over as before.
func TestPIMutexTakenMeanwhile(t *testing.T) {
	needPI(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var m native.PIMutex
	late := m.HeldByDead(linux.Gettid())
	m.MarkWaited()
	apart(func() {
		if ok, err := late(); ok || err != nil {
			t.Errorf("one that saw another word takes the lock: %v, %v", ok, err)
		}
	})
	ok, err := m.TryLock()
	wantLock(t, "TryLock after that", ok, err, true, native.ErrOwnerDied)
	if ok {
		m.Unlock()
	}
	if !m.Idle() {
		t.Error("something is left of it")
	}
}

// TestPIMutexComesRound has one that saw a dead owner go on when the mutex has been taken over, and let
// go of, and a new thread with the dead one's id has locked it: the word is the same, but the
// owner is not dead.
func TestPIMutexComesRound(t *testing.T) {
	needPI(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var m native.PIMutex
	late := m.HeldByDead(linux.Gettid())
	if ok, err := m.TryLock(); !ok || err != native.ErrOwnerDied { // Lock would try for ever
		t.Fatalf("TryLock = %v, %v, want ErrOwnerDied", ok, err)
	}
	m.Unlock()
	lockPI(t, &m)
	apart(func() {
		if ok, err := late(); ok || err != nil {
			t.Errorf("one that saw a dead owner takes the lock from a living one: %v, %v", ok, err)
		}
	})
	if t.Failed() {
		return
	}
	m.Unlock()
	if !m.Idle() {
		t.Error("something is left of it")
	}
}
