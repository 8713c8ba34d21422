// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// A panicker is an Enqueuer that panics at one of its steps.
type panicker string

func (p panicker) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	switch p {
	case "before Push":
		panic(p)
	case "in PushBefore":
		q.PushBefore(w, func(*park.Waiter) bool { panic(p) })
	default:
		q.Push(w)
	}
	if p == "after Push" {
		panic(p)
	}
	return 0
}

func (p panicker) GiveUp(park.Queue, *park.Waiter) {
	if p != "GiveUp" {
		panic("GiveUp is called after a panic of Enqueue")
	}
	panic(p)
}

// TestPanicUnderTheQueue panics in all code of a lock author that runs with a queue locked. The panic
// reaches the caller, no waiter is left in the queue, and a waiter on another word of the bucket can wait
// and be woken.
func TestPanicUnderTheQueue(t *testing.T) {
	atEnd(t)
	words := park.SameBucket(3)
	sleep := func(step panicker, limit park.Limit) func() {
		return func() {
			for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
				locktest.Panics(t, fmt.Sprintf("Sleep, kind %d", kind), step, func() {
					w := park.NewWaiter(kind, limit)
					defer w.Free()
					w.Sleep(words[0], step, nil)
				})
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
		"PushBefore": func() {
			other := push(words[0])
			defer other.Drop()
			defer pop(words[0])
			sleep("in PushBefore", park.Limit{})()
		},
		"GiveUp": sleep("GiveUp", park.For(0)),
	} {
		t.Run(name, func(t *testing.T) {
			forEachStart(t, func(t *testing.T, start func(func())) {
				done := make(chan struct{})
				start(func() {
					defer close(done)
					locktest.Panics(t, name, nil, f)
					if n := park.Waiting(words[0]); n != 0 {
						t.Errorf("%d waiters are left in the queue", n)
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
					t.Fatal("a waiter on another word of the bucket is stuck for 30 s")
				}
				park.Check()
			})
		})
	}
}

// A brokenLocker panics when it is unlocked, after it has done something.
type brokenLocker func()

func (l brokenLocker) Lock() {}

func (l brokenLocker) Unlock() { l(); panic("unlock") }

// counted is an Enqueuer that counts its waiters.
type counted struct{ n int }

func (c *counted) Enqueue(q park.Queue, w *park.Waiter) uint32 { c.n++; q.Push(w); return 0 }

func (c *counted) GiveUp(park.Queue, *park.Waiter) { c.n-- }

// TestPanicBeforeSleep panics in the Locker that Sleep unlocks, while the waiter is in the queue, has
// been moved to another one, or has been taken out and woken. No waiter is left behind, and GiveUp is
// called unless a waker has taken the waiter out.
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
					start(func() { park.Wait(&word, 0); close(awake) }) // would use the same Waiter if it were in the pool
					waiting(t, &word, 1)
					park.Wake(&word)
					<-awake
				}
			}
		}
	})
}

// TestPanicBeforeWake panics in the Locker that Sleep unlocks, after a waker has taken the waiter out. The
// waker wakes it only after it was freed. That does not block, and does not panic.
func TestPanicBeforeWake(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
			for _, limit := range []park.Limit{{}, park.For(time.Hour)} {
				done := make(chan struct{})
				start(func() {
					defer close(done)
					var word atomic.Uint32
					var taken *park.Waiter
					locktest.Panics(t, "Sleep", "unlock", func() {
						w := park.NewWaiter(kind, limit)
						defer w.Free()
						w.Sleep(&word, park.Always{}, brokenLocker(func() { taken = pop(&word) }))
					})
					taken.Wake(0)
				})
				select {
				case <-done:
				case <-time.After(30 * time.Second):
					t.Fatalf("kind %d, %v: Wake blocks for 30 s", kind, limit.IsZero())
				}
			}
		}
	})
}

// A takingTwo is an Enqueuer that takes out another waiter in Enqueue, and one more in GiveUp. GiveUp then
// panics if that is set.
type takingTwo struct{ giveUpPanics bool }

func (takingTwo) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	w.WakeLater(park.One(q.Pop()), 1)
	q.Push(w)
	return 0
}

func (e takingTwo) GiveUp(q park.Queue, w *park.Waiter) {
	w.WakeLater(park.One(q.Pop()), 2)
	if e.giveUpPanics {
		panic("GiveUp")
	}
}

// TestPanicWakesLater panics in the Locker that Sleep unlocks, and in GiveUp. The waiters that Enqueue and
// GiveUp have taken out before are woken nevertheless.
func TestPanicWakesLater(t *testing.T) {
	atEnd(t)
	for _, panics := range []string{"unlock", "GiveUp"} {
		var word atomic.Uint32
		tokens := make(chan uint32, 2)
		for i := range 2 {
			go func() {
				w := park.NewWaiter(park.Exclusion, park.Limit{})
				defer w.Free()
				token, _ := w.Sleep(&word, park.Always{}, nil)
				tokens <- token
			}()
			waiting(t, &word, i+1)
		}
		locktest.Panics(t, panics, panics, func() {
			if panics == "unlock" {
				w := park.NewWaiter(park.Condition, park.Limit{})
				defer w.Free()
				w.Sleep(&word, takingTwo{}, brokenLocker(func() {}))
			} else {
				w := park.NewWaiter(park.Condition, park.For(0))
				defer w.Free()
				w.Sleep(&word, takingTwo{giveUpPanics: true}, nil)
			}
		})
		for range 2 {
			select {
			case <-tokens:
			case <-time.After(30 * time.Second):
				t.Fatalf("%s: a waiter that was taken out is not woken within 30 s", panics)
			}
		}
	}
}

// TestPanicOfContext waits with a context that panics. The wait ends with an error, so that a lock can
// serve its other waiters, and the waiter has left the queue.
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
