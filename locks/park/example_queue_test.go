// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// queuedOn returns how many waiters are in the queue of a word.
func queuedOn(addr *atomic.Uint32) (n int) {
	park.WithQueue(addr, func(q park.Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}

// awaitQueued waits until n waiters are in the queue of a word.
func awaitQueued(addr *atomic.Uint32, n int) {
	for queuedOn(addr) != n {
		runtime.Gosched()
	}
}

// An enqueueFunc is a function as the park.Enqueuer of a lock whose word does not record its
// waiters.
type enqueueFunc func(q park.Queue, w *park.Waiter) (token uint32)

func (f enqueueFunc) Enqueue(q park.Queue, w *park.Waiter) uint32 { return f(q, w) }
func (enqueueFunc) GiveUp(park.Queue, *park.Waiter)               {}

// pushAlways is the Enqueue of a lock at which each caller must wait.
func pushAlways(q park.Queue, w *park.Waiter) (token uint32) { q.Push(w); return 0 }

// Opening a door wakes all its waiters and counts them.
type door struct{ open atomic.Uint32 }

func (d *door) wait(limit park.Limit) error {
	var kind park.Kind = park.Condition // durable in a synctest bubble
	w := park.NewWaiter(kind, limit)
	defer w.Free()
	var e park.Enqueuer = (*doorQueue)(d)
	_, err := w.Sleep(&d.open, e, nil)
	return err
}

// A doorQueue is a door as a park.Enqueuer.
type doorQueue door

func (d *doorQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	if d.open.Load() == 0 {
		q.Push(w)
	}
	return 0
}

// GiveUp would settle the word if it recorded its waiters.
func (d *doorQueue) GiveUp(park.Queue, *park.Waiter) {}

func (d *door) Open() int {
	var all park.Waiters
	park.WithQueue(&d.open, func(q park.Queue) {
		d.open.Store(1)
		all = q.PopAll()
	})
	all.Wake(0) // not before the queue is unlocked
	return all.Len()
}

func ExampleWaiters() {
	var d door
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { d.wait(park.Limit{}) })
	}
	awaitQueued(&d.open, 3)
	fmt.Println("woken:", d.Open())
	wg.Wait()
	fmt.Println("woken:", d.Open())
	// Output:
	// woken: 3
	// woken: 0
}

// A wait can be limited in three ways. One Until limits several waits together.
func ExampleLimit() {
	var d, next door
	fmt.Println("too late:", errors.Is(d.wait(park.For(time.Millisecond)), os.ErrDeadlineExceeded))
	both := park.Until(time.Now().Add(time.Millisecond))
	fmt.Println("too late:", errors.Is(d.wait(both), os.ErrDeadlineExceeded), errors.Is(next.wait(both), both.Err()))
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("the client has gone")
	cancel(gone)
	fmt.Println("gone:", errors.Is(d.wait(park.Context(ctx)), gone))
	fmt.Println("no limit:", park.Context(context.Background()).IsZero())
	// Output:
	// too late: true
	// too late: true true
	// gone: true
	// no limit: true
}

// The error of a wait that gave up names the lock.
func ExampleGiveUpError() {
	var d door
	err := d.wait(park.For(time.Millisecond))
	var gaveUp *park.GiveUpError
	if errors.As(err, &gaveUp) {
		fmt.Printf("a %T, for %s, in vain after less than a minute: %v\n", gaveUp.Lock, gaveUp.Purpose, gaveUp.Waited < time.Minute)
	}
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), gaveUp.Err == os.ErrDeadlineExceeded, gaveUp.Timeout())
	// Output:
	// a *park_test.door, for the door to open, in vain after less than a minute: true
	// true true true
}

// A pool of units serves its waiters in FIFO order. The tag of a waiter is the number of units that
// it wants.
func ExampleWaiter_SetTag() {
	var units atomic.Uint32
	acquire := func(n uint64) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		defer w.Free()
		w.SetTag(n)
		w.Sleep(&units, enqueueFunc(pushAlways), nil)
		fmt.Println("served:", n)
	}
	release := func(n uint32) {
		var next *park.Waiter
		park.WithQueue(&units, func(q park.Queue) {
			units.Add(n)
			if head := q.Front(); head != nil && head.Tag() <= uint64(units.Load()) {
				next = q.Pop()
				units.Add(-uint32(next.Tag()))
			}
		})
		if next != nil {
			next.Wake(0)
		}
	}
	var wg sync.WaitGroup
	for i, n := range []uint64{3, 1} {
		wg.Go(func() { acquire(n) })
		awaitQueued(&units, i+1)
	}
	release(2)
	fmt.Println("wait:", queuedOn(&units)) // the request for one unit does not overtake the request for three
	release(1)
	awaitQueued(&units, 1)
	for queuedOn(&units) != 0 {
		release(1)
	}
	wg.Wait()
	// Unordered output:
	// wait: 2
	// served: 3
	// served: 1
}

// A bargingLock allows barging, but not for long.
type bargingLock struct{ word atomic.Uint32 }

const (
	held    = 1
	parked  = 2 // the queue has waiters
	handOff = 4 // the next Unlock hands the lock off
)

func (l *bargingLock) Lock() {
	w := park.NewWaiter(park.Exclusion, park.Limit{})
	defer w.Free()
	for {
		if s := l.word.Load(); s&held == 0 {
			if l.word.CompareAndSwap(s, s|held) {
				return
			}
			continue
		}
		if handedOff, _ := w.Sleep(&l.word, (*bargingQueue)(l), nil); handedOff == 1 {
			return
		}
	}
}

// A bargingQueue is a bargingLock as a park.Enqueuer.
type bargingQueue bargingLock

// Enqueue puts w at the end of the queue, or at the front if it was in the queue before. It does
// neither if the lock is free.
func (l *bargingQueue) Enqueue(q park.Queue, w *park.Waiter) (handedOff uint32) {
	bits := uint32(parked)
	if w.Pushed() && q.HandOffDue(w, time.Millisecond) {
		bits |= handOff
	}
	for {
		s := l.word.Load()
		if s&held == 0 {
			return 0
		}
		if l.word.CompareAndSwap(s, s|bits) {
			break
		}
	}
	if w.Pushed() {
		q.PushFront(w)
	} else {
		q.Push(w)
	}
	w.SleepAtOnce() // this lock would rather save the processor's time
	return 0
}

// GiveUp does nothing, since no wait here has a limit.
func (l *bargingQueue) GiveUp(park.Queue, *park.Waiter) {}

func (l *bargingLock) Unlock() {
	if l.word.CompareAndSwap(held, 0) {
		return
	}
	var w *park.Waiter
	var handedOff uint32
	park.WithQueue(&l.word, func(q park.Queue) {
		w = q.Pop()
		handedOff = l.word.Load() & handOff / handOff
		rest := handedOff * held
		if !q.Empty() {
			rest |= parked
		}
		l.word.Store(rest) // no other goroutine changes it while the lock is held and the queue is locked
	})
	w.Wake(handedOff) // not nil: parked was set, and no waiter gives up
}

func ExampleQueue_HandOffDue() {
	var l bargingLock
	var wg sync.WaitGroup
	total := 0
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				l.Lock()
				total++
				l.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(total)
	// Output: 8000
}

// A meeting begins when two parties have arrived. The second one wakes the first.
type meeting struct{ waits atomic.Uint32 }

func (m *meeting) come() (token uint32) {
	w := park.NewWaiter(park.Condition, park.Limit{})
	defer w.Free()
	token, _ = w.Sleep(&m.waits, (*meetingQueue)(m), nil)
	return token
}

type meetingQueue meeting

func (m *meetingQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	if other := q.Pop(); other != nil {
		w.WakeLater(park.One(other), 1) // not at once, since the queue is locked
		return 2
	}
	q.Push(w)
	return 0
}

func (m *meetingQueue) GiveUp(park.Queue, *park.Waiter) {}

func ExampleWaiter_WakeLater() {
	var m meeting
	first := make(chan uint32)
	go func() { first <- m.come() }()
	awaitQueued(&m.waits, 1)
	fmt.Println(m.come(), <-first)
	// Output: 2 1
}

// A changeQueue is a condition variable whose waiters may be moved.
type changeQueue struct{ changed, lock atomic.Uint32 }

func (c *changeQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	q.Push(w)
	return 0
}

// GiveUp checks whether w was moved before its limit was reached.
func (c *changeQueue) GiveUp(q park.Queue, w *park.Waiter) {
	fmt.Println("moved:", q.Addr() == &c.lock)
}

// A condition variable moves woken waiters to the queue of the lock that they need next.
func ExampleQueue_MoveTo() {
	var c changeQueue
	done := make(chan string)
	for range 2 {
		go func() {
			w := park.NewWaiter(park.Condition, park.For(time.Hour))
			defer w.Free()
			token, _ := w.Sleep(&c.changed, &c, nil)
			w.Unlimit() // a further sleep, for the lock, would have no limit
			done <- [...]string{"by the change", "by the lock"}[token]
		}()
	}
	awaitQueued(&c.changed, 2)

	var first, second *park.Waiter
	moved := 0
	park.WithQueues(&c.changed, &c.lock, func(from, to park.Queue) {
		first = from.Pop()
		moved = from.MoveTo(to, 10)
	})
	first.Wake(0)
	fmt.Println("woken:", <-done)
	fmt.Println("moved:", moved)

	park.WithQueue(&c.lock, func(q park.Queue) { second = q.Pop() })
	second.Wake(1)
	fmt.Println("woken:", <-done)
	// Output:
	// woken: by the change
	// moved: 1
	// woken: by the lock
}

// A waiter that was moved by MoveWoken counts as woken: its limit no longer ends the wait.
func ExampleQueue_MoveWoken() {
	var changed, lock atomic.Uint32
	done := make(chan error)
	go func() {
		w := park.NewWaiter(park.Condition, park.For(time.Hour))
		defer w.Free()
		_, err := w.Sleep(&changed, enqueueFunc(pushAlways), nil)
		done <- err
	}()
	awaitQueued(&changed, 1)
	park.WithQueues(&changed, &lock, func(from, to park.Queue) { fmt.Println("moved:", from.MoveWoken(to, 1)) })
	var w *park.Waiter
	park.WithQueue(&lock, func(q park.Queue) { w = q.Pop() }) // not nil, though the hour may have passed
	w.Wake(0)
	fmt.Println("error:", <-done)
	// Output:
	// moved: 1
	// error: <nil>
}

// A queue in the order of priority, which is the tag of a waiter.
func ExampleQueue_PushBefore() {
	var word atomic.Uint32
	var wg sync.WaitGroup
	for i, importance := range []uint64{2, 1, 3, 2} {
		wg.Go(func() {
			w := park.NewWaiter(park.Condition, park.Limit{})
			defer w.Free()
			w.SetTag(importance)
			w.Sleep(&word, enqueueFunc(func(q park.Queue, w *park.Waiter) uint32 {
				q.PushBefore(w, func(other *park.Waiter) bool { return other.Tag() < importance })
				return 0
			}), nil)
		})
		awaitQueued(&word, i+1)
	}
	var all park.Waiters
	park.WithQueue(&word, func(q park.Queue) {
		for w := range q.All() {
			fmt.Println(w.Tag(), w.Pinned())
		}
		all = q.PopAll()
	})
	all.Wake(0)
	wg.Wait()
	// Output:
	// 3 false
	// 2 false
	// 2 false
	// 1 false
}

// A lock that serves the waiter with the highest priority first, which is the one with the largest
// tag.
func ExampleQueue_Remove() {
	var word atomic.Uint32
	served := make(chan uint64)
	for i, importance := range []uint64{2, 1, 3} {
		go func() {
			w := park.NewWaiter(park.Condition, park.Limit{})
			defer w.Free()
			w.SetTag(importance)
			w.Sleep(&word, enqueueFunc(pushAlways), nil)
			served <- importance
		}()
		awaitQueued(&word, i+1)
	}
	for range 3 {
		var best *park.Waiter
		park.WithQueue(&word, func(q park.Queue) {
			for w := range q.All() {
				if best == nil || w.Tag() > best.Tag() {
					best = w
				}
			}
			q.Remove(best)
		})
		best.Wake(0)
		fmt.Println("served:", <-served)
	}
	// Output:
	// served: 3
	// served: 2
	// served: 1
}

// A door among the channels of a select statement.
func ExampleChan() {
	var d door
	opened, stop := park.Chan(&d.open, (*doorQueue)(&d), 0)
	defer stop()
	time.AfterFunc(time.Millisecond, func() { d.Open() })
	select {
	case <-opened:
		fmt.Println("open")
	case <-time.After(time.Hour):
		fmt.Println("it is late")
	}
	// Output: open
}

// A goroutine waits for one of two doors.
func ExampleSleepAny() {
	var front, back door
	done := make(chan int)
	go func() {
		i, _, err := park.SleepAny(park.For(time.Hour), []park.Case{
			{Addr: &front.open, Enqueuer: (*doorQueue)(&front), Tag: 1}, // the tag of the Waiter that Enqueue receives
			{Addr: &back.open, Enqueuer: (*doorQueue)(&back)},
		})
		if err == nil {
			done <- i
		}
	}()
	awaitQueued(&back.open, 1)
	back.Open()
	fmt.Println("case", <-done)
	fmt.Println("at the front door:", queuedOn(&front.open))
	// Output:
	// case 1
	// at the front door: 0
}

// A lock calls Ended before it begins a wait.
func ExampleEnded() {
	ctx, cancel := context.WithCancelCause(context.Background())
	fmt.Println(park.Ended(ctx))
	cancel(errors.New("the client has gone"))
	fmt.Println(park.Ended(ctx))
	// Output:
	// <nil>
	// the client has gone
}
