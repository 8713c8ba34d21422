// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A panicker is an Enqueuer that panics at one of its steps.
type panicker string

func (p panicker) Enqueue(q park.Queue, w *park.Waiter) bool {
	if p == "before Push" {
		panic(p)
	}
	q.Push(w)
	if p == "after Push" {
		panic(p)
	}
	return true
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
					w.SleepOn(words[0], step, nil)
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
		"settle": func() {
			w := park.NewWaiter(park.Condition, park.For(0))
			defer w.Free()
			park.WithQueue(words[0], func(q park.Queue) { q.Push(w) })
			w.Sleep(func(park.Queue) { panic("settle") })
		},
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
