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

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

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

func (unlocker) Lock() {}

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
			shared := uint32(0) // the race detector must see that each wake orders its uses
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
						t.Errorf("kind %d: woken with %d, but shared is %d", kind, token, shared)
					}
					tokens <- token
				}
			})
			for i := range uint32(8) {
				waiting(t, &word, 1)
				if i%4 == 0 { // so that it is asleep, not only in the queue; if not, less is tested
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
				t.Error("there were more sleeps than wakes")
			}
		}
	})
}

// TestLimitMeetsMove moves waiters back and forth, in a bucket and between buckets, while their limits
// are reached. All of them leave.
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
						t.Error("a wait ends without a wake")
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
			locktest.Eventually(t, "all have given up", func() bool {
				return park.Waiting(words[0])+park.Waiting(words[1])+park.Waiting(words[2]) == 0
			})
			stop.Store(true)
			done.Wait()
			park.Check()
		}
	})
}

// TestLeaveFromEverywhere lets the first, a middle and the last waiter of a queue give up. The others
// keep their order.
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
			locktest.Eventually(t, "the next one ran", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == n+1 })
		}
		done.Wait()
		want := slices.DeleteFunc([]int{0, 1, 2, 3, 4}, func(i int) bool { return i == leaver })
		if !slices.Equal(got, want) {
			t.Errorf("woken in the order %v, want %v", got, want)
		}
	}
}

// TestWakeMeetsLimit wakes waiters whose limit has been reached before they can leave the queue. The
// wake counts, and the limit counts again for the next sleep.
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
				time.Sleep(10 * time.Millisecond) // so that the waiter sees its limit; if not, less is tested
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

// refusing is an Enqueuer that makes no waiter wait.
type refusing struct{}

func (refusing) Enqueue(park.Queue, *park.Waiter) uint32 { return 5 }

func (refusing) GiveUp(park.Queue, *park.Waiter) {}

// TestSleepRefused uses a Waiter twice. The second time Enqueue does not push it, and Sleep returns the
// token of Enqueue.
func TestSleepRefused(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
			for _, limit := range []park.Limit{{}, park.For(time.Hour), park.For(0)} {
				var word atomic.Uint32
				done := make(chan struct{})
				start(func() {
					defer close(done)
					w := park.NewWaiter(kind, limit)
					defer w.Free()
					if token, err := w.Sleep(&word, new(counted), nil); (token == 7) != (err == nil) {
						t.Errorf("kind %d, %+v: Sleep = %d, %v", kind, limit, token, err)
					}
					var l sync.Mutex
					l.Lock()
					if token, err := w.Sleep(&word, refusing{}, &l); token != 5 || err != nil || l.TryLock() {
						t.Errorf("kind %d, %+v: Sleep = %d, %v where Enqueue does not push, or the Locker is unlocked", kind, limit, token, err)
					}
				})
				for asleep := true; asleep; {
					var w *park.Waiter
					park.WithQueue(&word, func(q park.Queue) { w = q.Pop() })
					if w != nil {
						w.Wake(7)
					}
					select {
					case <-done:
						asleep = false
					default:
						runtime.Gosched()
					}
				}
			}
		}
	})
}

// A taker is an Enqueuer that takes the first waiter out and wakes it later.
type taker struct {
	step string
	free atomic.Bool // the queue and the Locker are unlocked
}

func (k *taker) Lock()   {}
func (k *taker) Unlock() { k.free.Store(true) }

func (k *taker) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if k.step != "GiveUp" {
		w.WakeLater(park.One(q.Pop()), 3)
	}
	switch k.step {
	case "panic":
		panic(k)
	case "no Push":
		k.free.Store(true)
		return 5
	}
	q.Push(w)
	return 0
}

func (k *taker) GiveUp(q park.Queue, w *park.Waiter) {
	if k.step == "GiveUp" {
		w.WakeLater(q.PopAll(), 3)
	}
}

// TestWakeLater takes a waiter out at each step of a Sleep. That Sleep wakes it.
func TestWakeLater(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, step := range []string{"Push", "no Push", "panic", "GiveUp"} {
			var word atomic.Uint32
			k := &taker{step: step}
			tokens := make(chan uint32)
			start(func() {
				w := park.NewWaiter(park.Condition, park.Limit{})
				defer w.Free()
				token, _ := w.Sleep(&word, park.Always{}, nil)
				if step != "panic" && !k.free.Load() {
					t.Errorf("%s: woken before the Locker is unlocked", step)
				}
				tokens <- token
			})
			waiting(t, &word, 1)
			start(func() {
				defer func() {
					if r := recover(); (r == any(k)) != (step == "panic") {
						t.Errorf("%s: recovered %v", step, r)
					}
				}()
				w := park.NewWaiter(park.Condition, park.For(time.Millisecond))
				defer w.Free()
				w.Sleep(&word, k, k)
			})
			if token := <-tokens; token != 3 {
				t.Errorf("%s: woken with %d, want 3", step, token)
			}
		}
	})
}
