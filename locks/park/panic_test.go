// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A panicker is an Enqueuer that panics at one of its steps.
type panicker string

func (p panicker) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if p == "before Push" {
		panic(p)
	}
	q.Push(w)
	if p == "after Push" {
		panic(p)
	}
	return 0
}

func (p panicker) GiveUp(park.Queue, *park.Waiter) { panic(p) }

// TestPanicUnderTheQueue panics wherever a lock author's code runs with a queue locked. The panic
// arrives at the caller, nobody is left in the queue, and a stranger on another word of the bucket can wait and
// be woken.
func TestPanicUnderTheQueue(t *testing.T) {
	atEnd(t)
	words := park.SameBucket(3)
	sleep := func(step panicker, limit park.Limit) func() {
		return func() {
			for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
				func() {
					defer func() {
						if got := recover(); got != any(step) {
							t.Errorf("kind %d: recovered %v", kind, got)
						}
					}()
					w := park.NewWaiter(kind, limit)
					defer w.Free()
					w.Sleep(words[0], step, nil)
					t.Errorf("kind %d: no panic", kind)
				}()
			}
			panic(step)
		}
	}
	for name, f := range map[string]func(){
		"WithQueue":  func() { park.WithQueue(words[0], func(park.Queue) { panic("f") }) },
		"WithQueues": func() { park.WithQueues(words[0], words[1], func(q, to park.Queue) { panic("f") }) },
		"WithQueues, another bucket": func() {
			park.WithQueues(words[0], park.OtherBucket(words[0]), func(q, to park.Queue) { panic("f") })
		},
		"Enqueue":             sleep("before Push", park.Limit{}),
		"Enqueue, after Push": sleep("after Push", park.Limit{}),
		"Enqueue, limit":      sleep("after Push", park.For(time.Hour)),
		"GiveUp":              sleep("GiveUp", park.For(0)),
	} {
		t.Run(name, func(t *testing.T) {
			forEachStart(t, func(t *testing.T, start func(func())) {
				done := make(chan struct{})
				start(func() {
					defer close(done)
					func() {
						defer func() {
							if recover() == nil {
								t.Error("the panic is lost")
							}
						}()
						f()
					}()
					if n := park.Waiting(words[0]); n != 0 {
						t.Errorf("%d are left in the queue", n)
					}
					asleep := make(chan struct{})
					go func() { park.Wait(words[2], 0); close(asleep) }()
					waiting(t, words[2], 1)
					park.Wake(words[2])
					<-asleep
				})
				select {
				case <-done:
				case <-time.After(30 * time.Second):
					t.Fatal("a stranger of the bucket is stuck for 30 s")
				}
				park.Check()
			})
		})
	}
}

// A brokenLocker panics when it is unlocked, after it has done something.
type brokenLocker func()

func (l brokenLocker) Lock()   {}
func (l brokenLocker) Unlock() { l(); panic("unlock") }

// counted is an Enqueuer that counts its waiters.
type counted struct{ n int }

func (c *counted) Enqueue(q park.Queue, w *park.Waiter) uint32 { c.n++; q.Push(w); return 0 }
func (c *counted) GiveUp(park.Queue, *park.Waiter)             { c.n-- }

// TestPanicBeforeSleep panics in the Locker that Sleep unlocks, when the waiter is in the queue,
// has been moved to another one, or has been taken out and woken. Nobody is left, and the
// word is settled unless a waker has done that.
func TestPanicBeforeSleep(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		var word, to atomic.Uint32
		for name, meanwhile := range map[string]brokenLocker{
			"queued": func() {},
			"moved": func() {
				park.WithQueues(&word, &to, func(q, to park.Queue) { q.MoveTo(to, 1) })
			},
			"woken": func() {
				var w *park.Waiter
				park.WithQueue(&word, func(q park.Queue) { w = q.Pop() })
				w.Wake(0)
			},
		} {
			for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
				for _, limit := range []park.Limit{{}, park.For(time.Hour)} {
					var e counted
					done := make(chan any)
					start(func() {
						defer func() { done <- recover() }()
						w := park.NewWaiter(kind, limit)
						defer w.Free()
						w.Sleep(&word, &e, meanwhile)
					})
					if got := <-done; got != "unlock" {
						t.Errorf("%s, kind %d: recovered %v", name, kind, got)
					}
					if n := park.Waiting(&word) + park.Waiting(&to); n != 0 {
						t.Errorf("%s, kind %d: %d are left in the queue", name, kind, n)
					}
					if want := map[bool]int{true: 1}[name == "woken"]; e.n != want {
						t.Errorf("%s, kind %d: %d are counted, want %d", name, kind, e.n, want)
					}
					awake := make(chan struct{})
					start(func() { park.Wait(&word, 0); close(awake) }) // with the same Waiter, were it in the pool
					waiting(t, &word, 1)
					park.Wake(&word)
					<-awake
				}
			}
		}
	})
}

// A brokenContext panics when it is asked for a value, as by [context.Cause].
type brokenContext struct{ context.Context }

func (brokenContext) Value(any) any { panic("value") }

// TestPanicOfContext waits with a context that panics. The wait ends with an error, so that a lock can do
// what it owes others, and the waiter has left the queue.
func TestPanicOfContext(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		var word atomic.Uint32
		ctx, cancel := context.WithCancel(t.Context())
		limit := park.Context(brokenContext{ctx})
		var e counted
		done := make(chan error)
		start(func() {
			w := park.NewWaiter(park.Condition, limit)
			defer w.Free()
			_, err := w.Sleep(&word, &e, nil)
			done <- err
		})
		waiting(t, &word, 1)
		cancel()
		if err := <-done; err == nil || !strings.Contains(err.Error(), "panicked: value") {
			t.Errorf("%v, want an error that tells of the panic", err)
		}
		if n := park.Waiting(&word); n != 0 || e.n != 0 {
			t.Errorf("%d are left in the queue, %d counted", n, e.n)
		}
	})
}
