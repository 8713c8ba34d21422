// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// These tests do each step of a Mutex in each state of its word. They run in bubbles of testing/synctest, where no
// time passes but what they let pass, and where they know when all others wait.

// A bystander waits in the queue of a word, and leaves the word alone.
type bystander struct{}

func (bystander) Enqueue(q park.Queue, w *park.Waiter) uint32 { q.Push(w); return 0 }
func (bystander) GiveUp(park.Queue, *park.Waiter)             {}

// bystanders puts n waiters into the queue of m, one after the other. woken returns who has been woken, in order, with
// which token, and ends the waits of the others.
func bystanders(m *Mutex, n int) (woken func() []string) {
	var log []string
	ctx, cancel := context.WithCancel(context.Background())
	for i := range n {
		go func() {
			w := park.NewWaiter(park.Exclusion, park.Context(ctx))
			token, err := w.Sleep(&m.state, bystander{}, nil)
			w.Free()
			if err == nil {
				log = append(log, fmt.Sprintf("%d: %d", i, token))
			}
		}()
		synctest.Wait()
	}
	return func() []string {
		synctest.Wait()
		woken := log
		cancel()
		synctest.Wait()
		return woken
	}
}

// wordWith returns the word with the bits on set if is, and clear otherwise.
func wordWith(word, on uint32, is bool) uint32 {
	if is {
		return word | on
	}
	return word &^ on
}

// TestMutexWakes unlocks a Mutex, and takes the steps of an Unlock one by one, in each state of the word in which that
// may happen, beside waiters that are due for a hand-off, or not.
func TestMutexWakes(t *testing.T) {
	const locked, parked, awake, handOff = mutexLocked, mutexParked, mutexWoken, mutexHandOff
	// A want is the word after a step, and the token with which the head of the queue is woken, or none.
	type want struct {
		word, token uint32
		panics      bool
	}
	const none = 1 << 31
	// over is what remains to do if the mutex is to be handed over: it has HandOff, or the head is due.
	over := func(s uint32, waiters int) want {
		s = wordWith(s&^handOff, parked, waiters > 1)
		if waiters == 0 {
			return want{word: s, token: none}
		}
		return want{word: s | locked, token: tokenGranted}
	}
	wakeHead := func(s uint32, waiters int, due bool) want {
		switch {
		case waiters == 0:
			return want{word: s &^ (parked | awake), token: none}
		case !due:
			return want{word: wordWith(s, parked, waiters > 1), token: tokenRetry}
		case s&(locked|handOff) != 0:
			return want{word: s&^awake | handOff, token: none}
		}
		return over(s&^awake, waiters)
	}
	wakeNext := func(s uint32, waiters int, due bool) want {
		if s != parked {
			return want{word: s, token: none}
		}
		return wakeHead(s|awake, waiters, due)
	}
	for _, step := range []struct {
		name   string
		do     func(m *Mutex)
		in     func(s uint32) bool // the states in which the step may happen
		expect func(s uint32, waiters int, due bool) want
	}{
		{"Unlock", (*Mutex).Unlock, func(uint32) bool { return true }, func(s uint32, waiters int, due bool) want {
			switch {
			case s&locked == 0:
				return want{word: s, token: none, panics: true}
			case s&handOff != 0:
				return over(s&^locked, waiters)
			}
			return wakeNext(s&^locked, waiters, due)
		}},
		{"wakeNext", func(m *Mutex) { m.wakeNext(m.state.Load()) }, func(uint32) bool { return true }, wakeNext},
		{"wakeNext, late", func(m *Mutex) { m.wakeNext(parked) }, func(uint32) bool { return true }, wakeNext},
		{"wakeHead", (*Mutex).wakeHead, func(s uint32) bool { return s&awake != 0 }, wakeHead},
		{"handOver", (*Mutex).handOver, func(s uint32) bool { return s&(locked|handOff) == handOff }, func(s uint32, waiters int, _ bool) want {
			return over(s, waiters)
		}},
	} {
		for s := range uint32(16) {
			for waiters := range 3 {
				for _, due := range []bool{false, true} {
					if !step.in(s) || waiters > 0 && s&parked == 0 { // by invariant 1
						continue
					}
					synctest.Test(t, func(t *testing.T) {
						var m Mutex
						woken := bystanders(&m, waiters)
						if due {
							time.Sleep(2 * handOffAfter)
						}
						m.state.Store(s)
						var problem any
						func() {
							defer func() { problem = recover() }()
							step.do(&m)
						}()
						w := step.expect(s, waiters, due)
						var tokens []string
						if w.token != none {
							tokens = []string{fmt.Sprintf("0: %d", w.token)}
						}
						got, word := woken(), m.state.Load()
						if word != w.word || !slices.Equal(got, tokens) || (problem != nil) != w.panics {
							t.Errorf("%s in state %04b with %d waiters, due: %v: word %04b, woken %v, panic %v; want %04b, %v, %v",
								step.name, s, waiters, due, word, got, problem, w.word, tokens, w.panics)
						}
					})
				}
			}
		}
	}
}

// TestMutexParks lets a waiter park and give up in each state of the word in which it may.
func TestMutexParks(t *testing.T) {
	for s := range uint32(16) {
		if s&(mutexLocked|mutexHandOff) == 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			var m Mutex
			m.state.Store(s)
			ctx, cancel := context.WithCancel(t.Context())
			go m.LockContext(ctx)
			synctest.Wait()
			if got, want := m.state.Load(), s|mutexParked; got != want {
				t.Errorf("the word is %04b after a waiter has parked in state %04b, want %04b", got, s, want)
			}
			cancel()
			synctest.Wait()
			if got, want := m.state.Load(), s&^mutexParked; got != want {
				t.Errorf("the word is %04b after the waiter has given up in state %04b, want %04b", got, s, want)
			}
		})
	}
}

// TestMutexParksAgain wakes a waiter that loses the race for the mutex. It gives back the bit Woken, and keeps
// HandOff, which it asks for itself if it has waited for too long. A waiter that Cond.Broadcast has moved does the
// same.
func TestMutexParksAgain(t *testing.T) {
	for _, moved := range []bool{false, true} {
		for _, due := range []bool{false, true} {
			for _, s := range []uint32{mutexLocked, mutexHandOff, mutexLocked | mutexHandOff} {
				synctest.Test(t, func(t *testing.T) {
					var m Mutex
					m.Lock()
					if !moved {
						go m.TryLockFor(time.Hour)
						synctest.Wait()
					} else {
						m.Unlock()
						c := NewCond(&m)
						go func() {
							m.Lock()
							c.WaitFor(time.Hour)
						}()
						synctest.Wait()
						m.Lock()
						c.Broadcast()
					}
					if due {
						time.Sleep(2 * handOffAfter)
					}
					var w *park.Waiter
					park.WithQueue(&m.state, func(q park.Queue) { w = q.Pop() })
					m.state.Store(s | mutexWoken)
					w.Wake(tokenRetry)
					for m.Waiting() == 0 {
						time.Sleep(time.Nanosecond)
					}
					if got, want := m.state.Load(), wordWith(s|mutexParked, mutexHandOff, due && s&mutexLocked != 0 || s&mutexHandOff != 0); got != want {
						t.Errorf("the word is %04b after a waiter has parked again in state %04b, due: %v, moved: %v; want %04b", got, s, due, moved, want)
					}
					m.state.Store(mutexLocked | mutexParked)
					m.Unlock()
				})
			}
		}
	}
}
