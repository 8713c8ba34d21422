// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/sys/linux"
)

// TestPIMutexInherited gives a thread the id of one that has ended with the lock. Its Lock returns
// ErrOwnerDied, and other threads wait for it as for any owner.
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
					t.Errorf("a thread that saw the owner dead before it had an heir takes the lock: %v, %v", ok, err)
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
				t.Error("a lock is not idle at the end")
			}
		})
		if !ok {
			return // or Lock would try forever
		}
	}
}

// TestPIMutexTakenMeanwhile continues a thread that saw a dead owner after the word has changed. It
// does not take over, and others still can.
func TestPIMutexTakenMeanwhile(t *testing.T) {
	needPI(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var m native.PIMutex
	late := m.HeldByDead(linux.Gettid())
	m.MarkWaited()
	apart(func() {
		if ok, err := late(); ok || err != nil {
			t.Errorf("a thread that saw another word takes the lock: %v, %v", ok, err)
		}
	})
	ok, err := m.TryLock()
	wantLock(t, "TryLock after that", ok, err, true, native.ErrOwnerDied)
	if ok {
		m.Unlock()
	}
	if !m.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestPIMutexComesRound continues a thread that saw a dead owner after the mutex has been taken over
// and unlocked, and a new thread with the dead one's id has locked it: the word is the same, but the
// owner lives.
func TestPIMutexComesRound(t *testing.T) {
	needPI(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var m native.PIMutex
	late := m.HeldByDead(linux.Gettid())
	if ok, err := m.TryLock(); !ok || err != native.ErrOwnerDied { // Lock would try forever
		t.Fatalf("TryLock = %v, %v, want ErrOwnerDied", ok, err)
	}
	m.Unlock()
	lockPI(t, &m)
	apart(func() {
		if ok, err := late(); ok || err != nil {
			t.Errorf("a thread that saw a dead owner takes the lock from a living one: %v, %v", ok, err)
		}
	})
	if t.Failed() {
		return
	}
	m.Unlock()
	if !m.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestPIMutexClaimed checks that a new owner waits while another thread is about to take the lock over.
func TestPIMutexClaimed(t *testing.T) {
	var m native.PIMutex
	unclaim := m.Claim(7)
	set := make(chan struct{})
	go func() {
		m.SetOwner(8)
		close(set)
	}()
	select {
	case <-set:
		t.Error("a thread has become the owner while the number of the owner was claimed")
	case <-time.After(20 * time.Millisecond):
	}
	unclaim()
	<-set
}
