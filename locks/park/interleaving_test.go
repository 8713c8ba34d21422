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

// TestCountedBeforeComparing lets a waker store and look while a Wait is between its count
// and its comparison: the Wake must wait for it, or find that the word differs.
func TestCountedBeforeComparing(t *testing.T) {
	atEnd(t)
	var word atomic.Uint32
	q := park.LockQueue(&word)
	asleep, woken := make(chan struct{}), make(chan struct{})
	go func() { park.Wait(&word, 0); close(asleep) }()
	eventually(t, "the waiter is counted before it has the queue", func() bool { return park.Counted() == 1 })
	word.Store(1)
	go func() { park.Wake(&word); close(woken) }()
	for range 100 {
		runtime.Gosched()
	}
	q.Unlock()
	<-woken
	<-asleep
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
				asleep := make(chan park.Queue)
				start(func() {
					w := park.NewWaiter(park.Exclusion, limit)
					for i := range 2 {
						q := park.LockQueue(&word)
						q.Push(w)
						if i == 0 {
							asleep <- q // it stays locked
						} else {
							q.Unlock()
						}
						token, left, err := w.Sleep()
						if err != nil {
							left.Unlock()
						}
						outcomes <- outcome{token, err}
					}
					w.Free()
				})
				q := <-asleep
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
