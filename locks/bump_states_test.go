// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// TestMutexBumpStates calls Bump with each word that a locked Mutex can have, with and without a waiter in the queue, and compares
// the word with the table in mutex.go while the caller waits.
func TestMutexBumpStates(t *testing.T) {
	for bits := range uint32(8) {
		for _, queue := range []bool{false, true} {
			s := bits<<1 | mutexLocked
			parked, woken := s&mutexParked != 0, s&mutexWoken != 0
			if queue && !parked {
				continue
			}
			var m Mutex
			m.Lock()
			waiter := make(chan struct{})
			if queue {
				go func() { defer close(waiter); m.Lock() }()
				locktest.Eventually(t, "the waiter sleeps", func() bool { return m.Waiting() == 1 })
			}
			m.state.Store(s)
			if want := parked || woken; m.HasWaiters() != want {
				t.Errorf("%04b: HasWaiters is %t, want %t", s, !want, want)
			}
			if !queue && !woken {
				if m.Bump() || m.state.Load() != s {
					t.Errorf("%04b: Bump lets somebody in, and leaves %04b", s, m.state.Load())
				}
				continue
			}
			bumped := make(chan bool)
			go func() { bumped <- m.Bump() }()
			want := s&^mutexHandOff | mutexParked
			if queue {
				<-waiter // has been handed the lock
			} else {
				want &^= mutexLocked // for the waiter that is awake
			}
			locktest.Eventually(t, "the caller of Bump sleeps", func() bool { return m.Waiting() == 1 })
			if got := m.state.Load(); got != want {
				t.Errorf("%04b, a waiter sleeps: %t: Bump has made it %04b, want %04b", s, queue, got, want)
			}
			m.change(mutexWoken, mutexLocked) // as the waiter that is awake does when it locks, or goes to sleep
			m.Unlock()
			if !<-bumped {
				t.Errorf("%04b: Bump reports false", s)
			}
			if got := m.state.Load(); got != mutexLocked {
				t.Errorf("%04b: Bump has left %04b, want %04b", s, got, mutexLocked)
			}
		}
	}
}

// TestRWMutexBumpWords calls Bump and its forms with each word, as TestRWMutexWords does with the other
// calls.
func TestRWMutexBumpWords(t *testing.T) {
	for _, c := range []rwCall{
		{"HasWaiters", func(rw *RWMutex) any { return rw.HasWaiters() }, func(w *rwWord) any {
			return w.parked || w.waits || w.holds && w.readers != 0
		}},
		{"WriterWaiting", func(rw *RWMutex) any { return rw.WriterWaiting() }, func(w *rwWord) any { return w.waits }},
		{"Bump", func(rw *RWMutex) any { return rw.Bump() }, func(w *rwWord) any {
			switch {
			case !w.holds:
				return panics
			case !w.parked && w.readers == 0:
				return false
			case w.readers != 0:
				return blocks // they have the lock, and Bump waits for them
			}
			w.parked, w.admit, w.writerParked = false, false, false
			return true
		}},
		{"RBump", func(rw *RWMutex) any { return rw.RBump() }, func(w *rwWord) any {
			switch {
			case w.holds || w.readers == 0:
				return panics
			case w.waits:
				return blocks // until the writer has had it
			}
			return false
		}},
	} {
		for _, before := range rwWords() {
			if before.readers < 0 || before.readers > rwMaxReaders || before.admit && !before.parked || before.holds && before.writerParked {
				continue // half of a call of another goroutine
			}
			after := before
			want := c.want(&after)
			if want == blocks {
				continue
			}
			var rw RWMutex
			rw.state.Store(before.word())
			if before.owned() {
				rw.w.state.Store(mutexLocked)
			}
			if got := orPanics(func() any { return c.call(&rw) }); got != want || rw.state.Load() != after.word() {
				t.Errorf("%s of %+v: %v, %08x, want %v, %08x", c.name, before, got, rw.state.Load(), want, after.word())
			}
			if owned := rw.w.state.Load() == mutexLocked; owned != after.owned() {
				t.Errorf("%s of %+v: the Mutex inside is locked: %t", c.name, before, owned)
			}
		}
	}
}

// TestFairMutexBumpAlone calls Bump when the last waiter has given up. Bump has seen it before.
func TestFairMutexBumpAlone(t *testing.T) {
	var m FairMutex
	m.Lock()
	if m.bump() {
		t.Error("nobody waits, and bump reports that it has let somebody in")
	}
	if got := m.state.Load(); got != fairLocked {
		t.Errorf("bump has left %b, want %b", got, fairLocked)
	}
}
