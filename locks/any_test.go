// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// eachWorker runs a test with goroutines, and with pinned threads.
func eachWorker(t *testing.T, f func(t *testing.T, start func(func()))) {
	for _, s := range []locktest.Start{locktest.Goroutines, pinned} {
		t.Run(s.Name, func(t *testing.T) { f(t, func(f func()) { s.Go(f) }) })
	}
}

// anyWaits are waits for one of several sources, each of which takes its turn.
func anyWaits() []locktest.Wait {
	var all []locktest.Wait
	add := func(name string, waiting func() int, settle, back func(), sources ...locks.Waitable) {
		var never locks.AutoEvent
		sources = append(sources, &never)
		limited := func(limit park.Limit) error {
			i, err := locks.WaitAny(limit, sources...)
			if err == nil && i != len(sources)-2 {
				return fmt.Errorf("WaitAny has returned %d", i)
			}
			return err
		}
		wait := func(limit park.Limit) error {
			err := limited(limit)
			if err == nil {
				back()
			}
			return err
		}
		all = append(all, locktest.Wait{
			Name: "WaitAny of " + name, Waiting: waiting, Condition: true, Settle: settle,
			WaitFor: func(d time.Duration) bool { return wait(park.For(d)) == nil },
			Wait: func(ctx context.Context) error {
				if err := park.Ended(ctx); err != nil {
					return err
				}
				return wait(park.Context(ctx))
			},
		}.Limited(limitOf(limited), back))
	}
	var a locks.AutoEvent
	add("Event and AutoEvent", a.Waiting, a.Set, a.Set, new(locks.Event), &a)
	var m locks.Mutex
	m.Lock()
	add("Mutex", m.Waiting, m.Unlock, m.Unlock, &m)
	var fair locks.FairMutex
	fair.Lock()
	add("FairMutex", fair.Waiting, fair.Unlock, fair.Unlock, &fair)
	s := locks.NewSemaphore(3)
	s.TryAcquire(3)
	add("Semaphores", s.Waiting, func() { s.Release(3) }, func() { s.Release(2) }, s.Acquiring(2))
	l := locks.NewLatch(1)
	add("Latch", l.Waiting, func() { l.Arrive(1) }, func() {}, l)
	var wg locks.WaitGroup
	wg.Add(1)
	add("WaitGroup", wg.Waiting, wg.Done, func() {}, &wg)
	return all
}

func TestWaitAnyReturnsWhatItTakes(t *testing.T) {
	eachWorker(t, func(t *testing.T, start func(func())) {
		var e locks.Event
		var a locks.AutoEvent
		var m locks.Mutex
		var fair locks.FairMutex
		var wg locks.WaitGroup
		l, s := locks.NewLatch(1), locks.NewSemaphore(5)
		m.Lock()
		fair.Lock()
		wg.Add(1)
		s.TryAcquire(5)
		all := []locks.Waitable{&e, &a, l, &wg, &m, &fair, s.Acquiring(3)}
		for i, step := range []struct{ ready, undo func() }{
			{e.Set, e.Reset},
			{a.Set, func() {}},
			{func() { l.Arrive(1) }, func() { l = locks.NewLatch(1); all[2] = l }},
			{wg.Done, func() { wg.Add(1) }},
			{m.Unlock, func() {}},
			{fair.Unlock, func() {}},
			{func() { s.Release(3) }, func() {}},
		} {
			for _, order := range []func([]locks.Waitable) []locks.Waitable{slices.Clone[[]locks.Waitable], reversed} {
				want := slices.Index(order(all), all[i])
				result := make(chan int)
				start(func() {
					i, err := locks.WaitAny(park.Limit{}, order(all)...)
					if err != nil {
						t.Errorf("WaitAny: %v", err)
					}
					result <- i
				})
				locktest.Eventually(t, "it waits", func() bool {
					return e.Waiting() == 1 && a.Waiting() == 1 && l.Waiting() == 1 && wg.Waiting() == 1 && m.Waiting() == 1 && fair.Waiting() == 1 && s.Waiting() == 1
				})
				step.ready()
				if got := <-result; got != want {
					t.Errorf("WaitAny = %d, want %d", got, want)
				}
				step.undo()
				// The first of several that are ready counts, and takes nothing from the others.
				step.ready()
				if got, err := locks.WaitAny(park.For(0), order(all)...); got != want || err != nil {
					t.Errorf("WaitAny = %d, %v, want %d", got, err, want)
				}
				step.undo()
				if got, err := locks.WaitAny(park.For(0), order(all)...); got != -1 || !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("WaitAny = %d, %v, though nothing is ready", got, err)
				}
				words := []uint64{e.State(), a.State(), l.State(), wg.State(), m.State(), fair.State(), s.State()}
				if !slices.Equal(words, []uint64{0, 0, 1, 1 << 32, 1, 1, 0}) {
					t.Fatalf("the words are %#x after source %d", words, i)
				}
			}
		}
	})
}

func reversed(s []locks.Waitable) []locks.Waitable {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

func TestWaitAnyTakesFromOne(t *testing.T) {
	var a, b locks.AutoEvent
	a.Set()
	b.Set()
	if i, _ := locks.WaitAny(park.Limit{}, &b, &a); i != 0 || b.State() != 0 || a.State() == 0 {
		t.Errorf("WaitAny = %d, and the words are %d, %d", i, b.State(), a.State())
	}
	if i, _ := locks.WaitAny(park.Limit{}, &b, &a, &a); i != 1 {
		t.Errorf("WaitAny = %d, want 1", i)
	}
	if i, err := locks.WaitAny(park.For(time.Millisecond)); i != -1 || err == nil {
		t.Errorf("WaitAny of nothing = %d, %v", i, err)
	}
}

func TestWaitAnyTooLarge(t *testing.T) {
	var e locks.Event
	s := locks.NewSemaphore(2)
	if i, err := locks.WaitAny(park.Limit{}, &e, s.Acquiring(3)); i != 1 || err != locks.ErrTooLarge {
		t.Errorf("WaitAny = %d, %v, want ErrTooLarge", i, err)
	}
	s.TryAcquire(2)
	done := make(chan error)
	go func() {
		_, err := locks.WaitAny(park.Limit{}, &e, s.Acquiring(2))
		done <- err
	}()
	locktest.Eventually(t, "it waits", func() bool { return s.Waiting() == 1 })
	s.Resize(1)
	if err := <-done; err != locks.ErrTooLarge {
		t.Errorf("WaitAny = %v after Resize, want ErrTooLarge", err)
	}
	e.Set()
	if i, err := locks.WaitAny(park.Limit{}, s.Acquiring(3), &e); i != 1 || err != nil {
		t.Errorf("WaitAny = %d, %v, though another source is ready", i, err)
	}
	locktest.Panics(t, "Acquiring", "locks: negative semaphore weight", func() { s.Acquiring(-1) })
	if n := e.Waiting() + s.Waiting(); n != 0 {
		t.Errorf("%d waiters are left", n)
	}
}

// TestWaitAnyServesThoseBehind has a large request that is served elsewhere while a small one waits behind.
func TestWaitAnyServesThoseBehind(t *testing.T) {
	for range locktest.Rounds(100) {
		s, large := locks.NewSemaphore(2), make(chan int)
		var e locks.Event
		s.TryAcquire(1)
		go func() { i, _ := locks.WaitAny(park.Limit{}, s.Acquiring(2), &e); large <- i }()
		locktest.Eventually(t, "the large one waits", func() bool { return s.Waiting() == 1 })
		small := make(chan error)
		go func() { small <- s.Acquire(1) }()
		locktest.Eventually(t, "the small one waits", func() bool { return s.Waiting() == 2 })
		e.Set()
		if i := <-large; i != 1 {
			t.Fatalf("WaitAny = %d", i)
		}
		if err := <-small; err != nil {
			t.Fatal(err)
		}
	}
}

// TestWaitAnyMutexIsHandedOver shows that others cannot overtake the first waiter in the queue.
func TestWaitAnyMutexIsHandedOver(t *testing.T) {
	var m locks.Mutex
	var e locks.Event
	m.Lock()
	got := make(chan int)
	go func() { i, _ := locks.WaitAny(park.Limit{}, &e, &m); got <- i }()
	locktest.Eventually(t, "it waits", func() bool { return m.Waiting() == 1 })
	m.Unlock()
	if m.TryLock() {
		t.Error("who has come later has overtaken")
	}
	if i := <-got; i != 1 {
		t.Errorf("WaitAny = %d", i)
	}
	m.Unlock()
}

func TestWaitAnyAllocations(t *testing.T) {
	if race.Enabled || testing.CoverMode() != "" {
		t.Skip("the race detector lets a sync.Pool drop what it has; coverage counts allocations of its own")
	}
	var e locks.Event
	var a, b locks.AutoEvent
	s := locks.NewSemaphore(0)
	units := s.Acquiring(1)
	var stop atomic.Bool
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for !stop.Load() {
			if a.Waiting() > 0 {
				a.Set()
			}
			runtime.Gosched()
		}
	}()
	if n := allocs.PerRun(t, 500, func() { locks.WaitAny(park.Limit{}, &e, &b, &a, units) }); n > 0 {
		t.Errorf("WaitAny allocates %v times", n)
	}
	stop.Store(true)
	<-stopped
}

// TestWaitAnyStress has goroutines and threads that wait for several locks and events, in any order, and give up at random. Each
// lock is held by one, and each Set lets one through.
func TestWaitAnyStress(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var m [2]locks.Mutex
	var fair locks.FairMutex
	var a locks.AutoEvent
	a.Set()
	s := locks.NewSemaphore(2)
	var inside [5]int // guarded by the sources
	give := []func(){m[0].Unlock, m[1].Unlock, fair.Unlock, a.Set, func() { s.Release(2) }}
	of := []locks.Waitable{&m[0], &m[1], &fair, &a, s.Acquiring(2)}
	var total atomic.Int64
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Add(1)
		work := func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for range locktest.Rounds(1000) {
				var limit park.Limit
				if r.IntN(3) == 0 {
					limit = park.For(time.Duration(r.IntN(100)) * time.Microsecond)
				}
				which := r.Perm(len(of))[:1+r.IntN(len(of))]
				var sources []locks.Waitable
				for _, j := range which {
					sources = append(sources, of[j])
				}
				got, err := locks.WaitAny(limit, sources...)
				if err != nil {
					continue
				}
				j := which[got]
				inside[j]++
				total.Add(1)
				if r.IntN(8) == 0 {
					runtime.Gosched()
				}
				give[j]()
			}
		}
		switch i % 3 {
		case 0:
			pinned.Go(work)
		default:
			go work()
		}
	}
	wg.Wait()
	sum := 0
	for j := range of {
		if i, err := locks.WaitAny(park.Limit{}, of[j]); i != 0 || err != nil {
			t.Errorf("source %d is not free in the end", j)
		}
		sum += inside[j]
	}
	if int64(sum) != total.Load() {
		t.Errorf("%d went in one at a time, of %d", sum, total.Load())
	}
	words := []uint64{m[0].State(), m[1].State(), fair.State(), a.State(), s.State()}
	if !slices.Equal(words, []uint64{1, 1, 1, 0, 0}) {
		t.Errorf("the words are %#x in the end", words)
	}
}

// TestChan has channels that are closed, and others that are stopped.
func TestChan(t *testing.T) {
	var e locks.Event
	var wg locks.WaitGroup
	wg.Add(1)
	l := locks.NewLatch(1)
	isClosed := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	for _, s := range []struct {
		name    string
		chan_   func() (<-chan struct{}, func())
		ready   func()
		waiting func() int
		taken   uint64
		state   func() uint64
	}{
		{"Event", e.Chan, e.Set, e.Waiting, 0, e.State},
		{"WaitGroup", wg.Chan, wg.Done, wg.Waiting, 1 << 32, wg.State},
		{"Latch", l.Chan, func() { l.Arrive(1) }, l.Waiting, 1, l.State},
	} {
		stopped, stop := s.chan_()
		stop()
		stop()
		if s.waiting() != 0 || s.state() != s.taken {
			t.Errorf("%s: after stop %d wait, and the word is %#x", s.name, s.waiting(), s.state())
		}
		c, stopC := s.chan_()
		d, _ := s.chan_()
		if s.waiting() != 2 || isClosed(c) {
			t.Errorf("%s: a channel is closed at first, or %d wait", s.name, s.waiting())
		}
		s.ready()
		<-c
		<-d
		stopC()
		if isClosed(stopped) {
			t.Errorf("%s: a channel is closed though it was stopped", s.name)
		}
		late, stopLate := s.chan_()
		if !isClosed(late) || s.waiting() != 0 {
			t.Errorf("%s: a channel that comes late is not closed", s.name)
		}
		stopLate()
	}
}

// TestChanInABubble shows that the channel belongs to the bubble, and that time advances.
func TestChanInABubble(t *testing.T) {
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			var e locks.Event
			time.AfterFunc(time.Hour, e.Set)
			begin := time.Now()
			c, stop := e.Chan()
			defer stop()
			<-c
			if d := time.Since(begin); d != time.Hour {
				t.Errorf("the channel was closed after %v", d)
			}
		})
	}
}
