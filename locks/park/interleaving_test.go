// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// TestExpectedBeforeComparing lets a Wait look at its word for the last time when that has
// changed. It is expected by then, whatever it finds: a waker whose store that look does not
// see looks for sleepers later still.
func TestExpectedBeforeComparing(t *testing.T) {
	atEnd(t)
	eventually(t, "a Wait is expected before it compares", func() bool {
		var word atomic.Uint32
		park.Wake(&word) // nobody is expected
		if park.Expected(&word) {
			t.Fatal("somebody is expected after a Wake for nobody")
		}
		q := park.LockQueue(&word)
		started, returned := make(chan struct{}), make(chan struct{})
		go func() { close(started); park.Wait(&word, 0); close(returned) }()
		<-started
		for range 100 {
			runtime.Gosched() // it looks for the first time, and wants the queue
		}
		word.Store(1)
		q.Unlock()
		<-returned
		return park.Expected(&word) // or it was late: once more
	})
}

// TestWakeForANeighbour wakes nobody on one word while somebody sleeps on another one of the
// same bucket, who is still expected after that. If that is of another class, nobody is expected on the
// first word any more: the next Wake is short.
func TestWakeForANeighbour(t *testing.T) {
	words := park.SameBucket(64)
	for name, sameClass := range map[string]bool{"same class": true, "another class": false} {
		t.Run(name, func(t *testing.T) {
			atEnd(t)
			i := slices.IndexFunc(words[1:], func(word *atomic.Uint32) bool { return park.SameClass(words[0], word) == sameClass })
			if i < 0 {
				t.Skip("no such words among those that the bucket has here")
			}
			word, neighbour := words[1+i], words[0]
			asleep := make(chan struct{})
			go func() { park.Wait(neighbour, 0); close(asleep) }()
			waiting(t, neighbour, 1)
			awake := make(chan struct{})
			go func() { park.Wait(word, 0); close(awake) }()
			waiting(t, word, 1)
			if !park.Wake(word) {
				t.Fatal("Wake does not find the sleeper")
			}
			<-awake
			if park.Wake(word) || park.WakeAll(word) != 0 {
				t.Error("somebody was woken on a word without waiters")
			}
			if park.Expected(word) != sameClass {
				t.Errorf("somebody is expected after a Wake for nobody: %t", !sameClass)
			}
			park.Check()
			if !park.Wake(neighbour) {
				t.Fatal("Wake does not find the sleeper")
			}
			<-asleep
			if park.WakeAll(neighbour) != 0 || park.Expected(neighbour) {
				t.Error("somebody is expected after a WakeAll for nobody")
			}
		})
	}
}

// TestExpectedWhereMoved moves a sleeper to a bucket in which nobody is expected.
func TestExpectedWhereMoved(t *testing.T) {
	atEnd(t)
	var from, to atomic.Uint32
	park.Wake(&to) // so that nobody is
	asleep := make(chan struct{})
	go func() { park.Wait(&from, 0); close(asleep) }()
	waiting(t, &from, 1)
	park.Requeue(&from, 0, 0, &to, 1)
	park.Check()
	if !park.Wake(&to) {
		t.Fatal("Wake does not find the sleeper")
	}
	<-asleep
}

// A wakerLocker wakes the waiter on a word when it is unlocked.
type wakerLocker struct {
	word  *atomic.Uint32
	token uint32
}

func (l *wakerLocker) Lock() {}

func (l *wakerLocker) Unlock() {
	q := park.LockQueue(l.word)
	w := q.Pop()
	q.Unlock()
	w.Wake(l.token)
}

// An unlocker is a Locker whose Unlock is a function.
type unlocker func()

func (unlocker) Lock()     {}
func (f unlocker) Unlock() { f() }

// TestWakeBeforeSleep wakes waiters of every kind after their queue was unlocked, and before they
// are asleep. One waiter sleeps several times, and each sleep must wait for a wake of its own.
func TestWakeBeforeSleep(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
			for _, limit := range []park.Limit{{}, park.For(time.Hour)} {
				var word atomic.Uint32
				l := &wakerLocker{word: &word}
				done := make(chan struct{})
				start(func() {
					defer close(done)
					w := park.NewWaiter(kind, limit)
					defer w.Free()
					for i := range uint32(8) {
						l.token = i
						if got, _ := w.Sleep(&word, park.Always{}, l); got != i {
							t.Errorf("kind %d, %v: sleep %d returns %d, want its number", kind, limit.IsZero(), i, got)
						}
					}
				})
				select {
				case <-done:
				case <-time.After(30 * time.Second):
					t.Fatalf("kind %d, %v: a wake before the sleep is lost", kind, limit.IsZero())
				}
			}
		}
	})
}

// TestSleepAgain lets one waiter sleep several times, with and without a Locker, until it is woken from
// outside.
func TestSleepAgain(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
			var word atomic.Uint32
			var l sync.Mutex
			shared := uint32(0) // the race detector must see that each wake orders it
			tokens := make(chan uint32)
			start(func() {
				w := park.NewWaiter(kind, park.Limit{})
				defer w.Free()
				defer close(tokens)
				for i := range 8 {
					var token uint32
					if i/2%2 == 0 {
						l.Lock()
						token, _ = w.Sleep(&word, park.Always{}, &l)
					} else {
						token, _ = w.Sleep(&word, park.Always{}, nil)
					}
					if shared != token {
						t.Errorf("kind %d: woken with %d, but finds %d", kind, token, shared)
					}
					tokens <- token
				}
			})
			for i := range uint32(8) {
				waiting(t, &word, 1)
				if i%4 == 0 { // asleep for sure, not only in the queue
					time.Sleep(time.Millisecond)
				}
				l.Lock() // it is free while the waiter sleeps
				l.Unlock()
				q := park.LockQueue(&word)
				w := q.Pop()
				q.Unlock()
				shared = 100 + i
				w.Wake(100 + i)
				if got := <-tokens; got != 100+i {
					t.Errorf("kind %d: sleep %d returns %d, want %d", kind, i, got, 100+i)
				}
			}
			for range tokens {
				t.Error("a sleep more than there were wakes")
			}
		}
	})
}

// TestLimitMeetsMove moves waiters to and fro while their limits are reached, in and between
// buckets: all of them leave.
func TestLimitMeetsMove(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		same := park.SameBucket(2)
		words := []*atomic.Uint32{same[0], same[1], new(atomic.Uint32)}
		for range 20 {
			var done sync.WaitGroup
			ctx, cancel := context.WithCancel(t.Context())
			for range 6 {
				done.Add(1)
				start(func() {
					defer done.Done()
					if park.WaitContext(ctx, words[0], 0) == nil {
						t.Error("woken by nobody")
					}
				})
			}
			waiting(t, words[0], 6)
			var stop atomic.Bool
			done.Go(func() {
				for !stop.Load() {
					a, b := words[rand.IntN(3)], words[rand.IntN(3)]
					park.Requeue(a, 0, 0, b, rand.IntN(4))
					runtime.Gosched()
				}
			})
			runtime.Gosched()
			cancel()
			eventually(t, "all have given up", func() bool {
				return park.Waiting(words[0])+park.Waiting(words[1])+park.Waiting(words[2]) == 0
			})
			stop.Store(true)
			done.Wait()
			park.Check()
		}
	})
}

// TestLeaveFromEverywhere lets the first, a middle and the last waiter of a queue give up, and
// checks that the order of the others is kept.
func TestLeaveFromEverywhere(t *testing.T) {
	atEnd(t)
	for leaver := range 4 {
		var word atomic.Uint32
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var got []int
		var done sync.WaitGroup
		for i := range 4 {
			limit := context.Background()
			if i == leaver {
				limit = ctx
			}
			done.Go(func() {
				if park.WaitContext(limit, &word, 0) == nil {
					mu.Lock()
					got = append(got, i)
					mu.Unlock()
				}
			})
			waiting(t, &word, i+1)
		}
		cancel()
		waiting(t, &word, 3)
		park.Check()
		done.Go(func() { // the tail has to be right for it
			park.Wait(&word, 0)
			mu.Lock()
			got = append(got, 4)
			mu.Unlock()
		})
		waiting(t, &word, 4)
		park.Check()
		for n := range 4 {
			park.Wake(&word)
			eventually(t, "the next one ran", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == n+1 })
		}
		done.Wait()
		want := slices.DeleteFunc([]int{0, 1, 2, 3, 4}, func(i int) bool { return i == leaver })
		if !slices.Equal(got, want) {
			t.Errorf("woken in the order %v, want %v", got, want)
		}
	}
}

// TestWakeMeetsLimit wakes waiters of every kind when their limit has been reached, before
// they can leave the queue: the wake counts, and the limit counts again for the next sleep.
func TestWakeMeetsLimit(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, name := range []string{"time", "context"} {
			t.Run(name, func(t *testing.T) {
				var word atomic.Uint32
				ctx, cancel := context.WithCancel(t.Context())
				limit := park.Context(ctx)
				if name == "time" {
					limit = park.For(2 * time.Millisecond)
				}
				type outcome struct {
					token uint32
					err   error
				}
				outcomes := make(chan outcome, 1)
				pushed, locked := make(chan struct{}), make(chan struct{})
				start(func() {
					w := park.NewWaiter(park.Exclusion, limit)
					for i := range 2 {
						var l sync.Locker
						if i == 0 {
							l = unlocker(func() { close(pushed); <-locked })
						}
						token, err := w.Sleep(&word, park.Always{}, l)
						outcomes <- outcome{token, err}
					}
					w.Free()
				})
				<-pushed
				q := park.LockQueue(&word)
				close(locked)
				cancel()
				time.Sleep(10 * time.Millisecond) // so that the limit is noticed; if not, less is tested
				w := q.Pop()
				q.Unlock()
				w.Wake(7)
				if o := <-outcomes; o.token != 7 || o.err != nil {
					t.Errorf("Sleep = %d, %v, want the waker's 7", o.token, o.err)
				}
				select {
				case o := <-outcomes:
					if o.err == nil {
						t.Errorf("Sleep = %d without a wake", o.token)
					}
				case <-time.After(10 * time.Second):
					t.Error("the limit does not end the second sleep")
					q := park.LockQueue(&word)
					w := q.Pop()
					q.Unlock()
					w.Wake(0)
				}
			})
		}
	})
}
