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
	for name, attempt := range map[string]func(m *native.PIMutex) (bool, error){
		"Lock": func(m *native.PIMutex) (bool, error) {
			err := m.Lock()
			return err == native.ErrOwnerDied, err
		},
		"TryLock": (*native.PIMutex).TryLock,
	} {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var m native.PIMutex
			late := m.HeldByDead(linux.Gettid())
			if p := panicking(m.Unlock); p != foreign {
				t.Errorf("Unlock by the heir of the id: panic with %v, want %q", p, foreign)
			}
			ok, err := attempt(&m)
			wantLock(t, name, ok, err, true, native.ErrOwnerDied)
			apart(func() {
				if ok, err := late(); ok || err != nil {
					t.Errorf("one that saw the owner dead before it had an heir: %v, %v", ok, err)
				}
				if ok, err := m.TryLock(); ok || err != nil {
					t.Errorf("TryLock beside the heir: %v, %v", ok, err)
				}
			})
			if err := m.Lock(); err != native.ErrDeadlock {
				t.Errorf("Lock by the heir, twice = %v, want ErrDeadlock", err)
			}
			m.Unlock()
			if !m.Idle() {
				t.Error("something is left of it")
			}
		})
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
	if err := m.Lock(); err != native.ErrOwnerDied {
		t.Errorf("Lock = %v, want ErrOwnerDied", err)
	}
	m.Unlock()
	lockPI(t, &m)
	apart(func() {
		if ok, err := late(); ok || err != nil {
			t.Errorf("one that saw a dead owner takes the lock from a living one: %v, %v", ok, err)
		}
	})
	m.Unlock()
	if !m.Idle() {
		t.Error("something is left of it")
	}
}
