// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// A mistake is a wrong use by a lock author, and the panic that it must cause.
type mistake struct {
	name string
	make func(word *atomic.Uint32)
	want string
}

// push puts a new Waiter into the queue of a word, as its Enqueuer does.
func push(word *atomic.Uint32) *park.Waiter {
	w := park.NewWaiter(park.Condition, park.Limit{})
	park.WithQueue(word, func(q park.Queue) { q.Push(w.Entering()) })
	return w
}

// pop takes the first Waiter out of the queue of a word.
func pop(word *atomic.Uint32) (w *park.Waiter) {
	park.WithQueue(word, func(q park.Queue) { w = q.Pop() })
	return w
}

var mistakes = []mistake{
	{"Push twice", func(word *atomic.Uint32) {
		w := push(word)
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that is in a queue"},
	{"PushFront twice", func(word *atomic.Uint32) {
		w := push(word)
		park.WithQueue(word, func(q park.Queue) { q.PushFront(w) })
	}, "park: Push of a Waiter that is in a queue"},
	{"Push, asleep", func(word *atomic.Uint32) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			w := park.NewWaiter(park.Condition, park.Limit{})
			w.Sleep(word, park.Always{}, nil)
			w.Free()
		}()
		for park.Waiting(word) == 0 {
			runtime.Gosched()
		}
		defer func() { pop(word).Wake(0); <-done }()
		park.WithQueue(word, func(q park.Queue) { q.Push(q.Front()) })
	}, "park: Push of a Waiter that is in a queue"},
	{"PushBefore twice", func(word *atomic.Uint32) {
		w := push(word)
		park.WithQueue(word, func(q park.Queue) { q.PushBefore(w, func(*park.Waiter) bool { return true }) })
	}, "park: Push of a Waiter that is in a queue"},
	{"Push on two words", func(word *atomic.Uint32) {
		w := push(word)
		park.WithQueue(new(atomic.Uint32), func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that is in a queue"},
	{"Push, Pop, Push", func(word *atomic.Uint32) {
		push(word)
		w := pop(word)
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that was taken out and is not woken"},
	{"Push, woken", func(word *atomic.Uint32) {
		push(word)
		w := pop(word)
		w.Wake(0)
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that was woken and is still in its Sleep"},
	{"Push, freed", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		w.Free()
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that is freed"},
	{"Free, queued", func(word *atomic.Uint32) { push(word).Free() }, "park: Free of a Waiter that is in a queue"},
	{
		"Free, taken", func(word *atomic.Uint32) { push(word); pop(word).Free() },
		"park: Free of a Waiter that was taken out and is not woken",
	},
	{"Free, woken", func(word *atomic.Uint32) {
		push(word)
		w := pop(word)
		w.Wake(0)
		w.Free()
	}, "park: Free of a Waiter that was woken and is still in its Sleep"},
	{"Free twice", func(*atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		w.Free()
		w.Free()
	}, "park: Free of a Waiter that is freed"},
	{"Unlimit, queued", func(word *atomic.Uint32) { push(word).Unlimit() }, "park: Unlimit of a Waiter that is in a queue"},
	{"Unlimit, freed", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		w.Free()
		w.Unlimit()
	}, "park: Unlimit of a Waiter that is freed"},
	{"Wake, not queued", func(*atomic.Uint32) {
		park.NewWaiter(park.Condition, park.Limit{}).Wake(0)
	}, "park: Wake of a Waiter that is not in a Sleep"},
	{"Wake, queued", func(word *atomic.Uint32) { push(word).Wake(0) }, "park: Wake of a Waiter that is in a queue"},
	{"Wake twice", func(word *atomic.Uint32) {
		push(word)
		w := pop(word)
		w.Wake(0)
		w.Wake(0)
	}, "park: Wake of a Waiter that was woken and is still in its Sleep"},
	{"Wake, freed", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		w.Free()
		w.Wake(0)
	}, "park: Wake of a Waiter that is freed"},
	{"Push outside Sleep", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that is not in a Sleep"},
	{"Push after Enqueue", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		w.Sleep(word, refusing{}, nil)
		park.WithQueue(word, func(q park.Queue) { q.Push(w) })
	}, "park: Push of a Waiter that is not in a Sleep"},
	{
		"Sleep, queued", func(word *atomic.Uint32) { push(word).Sleep(word, park.Always{}, nil) },
		"park: Sleep of a Waiter that is in a queue",
	},
	{"Sleep, woken", func(word *atomic.Uint32) {
		w := push(word)
		pop(word).Wake(0)
		w.Sleep(word, park.Always{}, nil)
	}, "park: Sleep of a Waiter that was woken and is still in its Sleep"},
	{"Sleep, freed", func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		w.Free()
		w.Sleep(word, park.Always{}, nil)
	}, "park: Sleep of a Waiter that is freed"},
}

// TestMistakes makes the mistakes that are checked for in each build. Each panics with the name of the
// rule, and the queue of another word in the same bucket stays in order.
func TestMistakes(t *testing.T) { try(t, mistakes) }

func try(t *testing.T, mistakes []mistake) {
	words := park.SameBucket(2)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			asleep := make(chan struct{})
			go func() { park.Wait(words[1], 0); close(asleep) }()
			waiting(t, words[1], 1)
			locktest.Panics(t, m.name, m.want, func() { m.make(words[0]) })
			park.Check()
			park.WithQueue(words[0], func(q park.Queue) { q.PopAll() }) // what the mistake has left
			park.Wake(words[1])
			<-asleep
			park.Check()
		})
	}
}

// TestFreeWaiterKeepsNothing frees waiters after a wait. What their users passed to them can be
// collected.
func TestFreeWaiterKeepsNothing(t *testing.T) {
	var word atomic.Uint32
	var l sync.Mutex
	l.Lock()
	w := park.NewWaiter(park.Exclusion, park.For(time.Millisecond))
	w.SetTag(1)
	_, err := w.Sleep(&word, park.Always{}, &l)
	if unlocked := l.TryLock(); !errors.Is(err, os.ErrDeadlineExceeded) || !unlocked {
		t.Errorf("Sleep returns %v, and has unlocked the Locker: %v", err, unlocked)
	}
	w.Free()
	if w.KeepsAnything() {
		t.Errorf("after a wait that gave up, the pool keeps %+v", w)
	}

	for _, limit := range []park.Limit{{}, park.For(time.Hour)} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			w := park.NewWaiter(park.Exclusion, limit)
			w.SetTag(1)
			w.Sleep(&word, park.Always{}, &l)
			w.Free()
			if w.KeepsAnything() {
				t.Errorf("after a wake, the pool keeps %+v", w)
			}
		}()
		waiting(t, &word, 1)
		var to atomic.Uint32
		park.WithQueues(&word, &to, func(q, to park.Queue) { q.MoveWoken(to, 1) })
		pop(&to).Wake(0)
		<-done
		l.Lock()
	}
}

// TestUnlimit removes the limit of a waiter, which has already passed. It sleeps until it is woken.
func TestUnlimit(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		var word atomic.Uint32
		returned := make(chan uint32, 1)
		start(func() {
			w := park.NewWaiter(park.Condition, park.For(0))
			defer w.Free()
			w.Unlimit()
			token, err := w.Sleep(&word, park.Always{}, nil)
			if err != nil {
				t.Errorf("Sleep = %v of a waiter without a limit", err)
			}
			returned <- token
		})
		waiting(t, &word, 1)
		time.Sleep(5 * time.Millisecond) // so that a limit would end the wait; if not, less is tested
		w := pop(&word)
		if w == nil {
			t.Fatal("the waiter has left the queue")
		}
		w.Wake(7)
		if token := <-returned; token != 7 {
			t.Errorf("Sleep = %d, want the waker's 7", token)
		}
	})
}

// TestUnlimitTooLate removes the limit of a waiter that sleeps, which panics. Its limit ends its wait nevertheless.
func TestUnlimitTooLate(t *testing.T) {
	atEnd(t)
	var word atomic.Uint32
	ctx, cancel := context.WithCancel(t.Context())
	sleeping, returned := make(chan *park.Waiter, 1), make(chan error, 1)
	go func() {
		w := park.NewWaiter(park.Condition, park.Context(ctx))
		sleeping <- w
		_, err := w.Sleep(&word, park.Always{}, nil)
		returned <- err
	}()
	waiting(t, &word, 1)
	w := <-sleeping
	func() {
		defer func() {
			if recover() == nil {
				t.Error("Unlimit of a Waiter that sleeps does not panic")
			}
		}()
		w.Unlimit()
	}()
	cancel()
	if err := <-returned; !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep = %v, want context.Canceled", err)
	}
}
