// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package backend

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

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

func ExampleSemaphore() {
	printer := NewSemaphore(1)
	printer.Acquire(0, park.Limit{})
	err := printer.Acquire(Highest, park.For(time.Millisecond))
	fmt.Println("too late:", errors.Is(err, os.ErrDeadlineExceeded))
	printer.Release()
	// Output: too late: true
}

// TestOrder lets goroutines of several priorities wait, and serves them one by one.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSemaphore(0)
		var order []string
		for i, p := range []Priority{3, 0, Highest, 3, 0, Highest} {
			go func() {
				s.Acquire(p, park.Limit{})
				order = append(order, fmt.Sprintf("%d:%d", p, i))
			}()
			synctest.Wait()
		}
		s.units = 6
		for range 6 {
			s.Release()
			synctest.Wait()
		}
		if want := []string{"7:2", "7:5", "3:0", "3:3", "0:1", "0:4"}; !slices.Equal(order, want) {
			t.Errorf("served in the order %v, want %v", order, want)
		}
		if s.TryAcquire() {
			t.Error("a unit is left")
		}
	})
}

func TestAcquireGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSemaphore(1)
		if err := s.Acquire(0, park.For(0)); err != nil {
			t.Errorf("a free unit: %v", err)
		}
		begin := time.Now()
		if err := s.Acquire(1, park.For(time.Hour)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("no unit for an hour: %v, want %v", err, os.ErrDeadlineExceeded)
		}
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("it took %v of the bubble's time, want 1h", took)
		}
		cause := errors.New("no longer wanted")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(cause) })
		if err := s.Acquire(Highest, park.Context(ctx)); !errors.Is(err, cause) {
			t.Errorf("a context that ends: %v, want %v", err, cause)
		}
		s.Release() // not handed to any of them
		if !s.TryAcquire() || s.TryAcquire() {
			t.Error("the unit is not free after those who waited have given up")
		}
	})
}

// TestGrantsRaceWithCancels releases a unit at the moment at which who waits for it gives up:
// one of the two wins, and the unit is not lost.
func TestGrantsRaceWithCancels(t *testing.T) {
	rounds := 20000
	if testing.Short() {
		rounds = 2000
	}
	s := NewSemaphore(1)
	granted := 0
	for round := range rounds {
		s.Acquire(0, park.Limit{})
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() { result <- s.Acquire(Priority(rand.N(8)), park.Context(ctx)) }()
		for s.state.Load() == 0 { // the bit of a queue says that it waits
			runtime.Gosched()
		}
		if round%2 == 0 {
			go cancel()
			go s.Release()
		} else {
			go s.Release()
			go cancel()
		}
		if err := <-result; err == nil {
			granted++
			s.Release()
		} else if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if s.Acquire(0, park.For(time.Minute)) != nil {
			t.Fatalf("the unit was lost, after %d grants", granted)
		}
		s.Release()
	}
	t.Logf("%d of %d waits were granted", granted, rounds)
}

// TestReleasesRaceWithArrivals releases a unit at the moment at which a goroutine finds none.
func TestReleasesRaceWithArrivals(t *testing.T) {
	rounds := 100000
	if testing.Short() {
		rounds = 10000
	}
	s := NewSemaphore(1)
	start, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for range start {
			s.Release()
			done <- true
		}
	}()
	defer close(start)
	for range rounds {
		s.Acquire(0, park.Limit{})
		start <- true
		if s.Acquire(0, park.For(time.Minute)) != nil {
			t.Fatal("it sleeps, and the unit is free")
		}
		<-done
		s.Release()
	}
}

// TestUnitGuards counts with a unit in hand, which the race detector watches: what the one
// before did is seen, also where the unit was handed over.
func TestUnitGuards(t *testing.T) {
	const workers, each = 4, 500
	s := NewSemaphore(1)
	n := 0
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			for range each {
				s.Acquire(Priority(i), park.Limit{})
				n++
				runtime.Gosched() // so that others come, and wait
				s.Release()
			}
		})
	}
	wg.Wait()
	if n != workers*each {
		t.Errorf("counted to %d, want %d", n, workers*each)
	}
}

// TestStressSemaphore lets many acquire and release, some as pinned threads, some with limits
// that are soon over. It checks that there are never more holders than units.
func TestStressSemaphore(t *testing.T) {
	const units, workers = 3, 12
	limit := time.Second
	if testing.Short() {
		limit /= 5
	}
	s := NewSemaphore(units)
	var holders, most atomic.Int64
	var gaveUp, served [levels]atomic.Int64
	work := func(i int) {
		for begin := time.Now(); time.Since(begin) < limit; {
			p := Priority(i % levels)
			patience := park.Limit{}
			if i%3 > 0 {
				patience = park.For(time.Duration(rand.N(200)) * time.Microsecond)
			}
			if s.Acquire(p, patience) != nil {
				gaveUp[p].Add(1)
				continue
			}
			n := holders.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			if rand.N(4) == 0 {
				time.Sleep(50 * time.Microsecond)
			}
			served[p].Add(1)
			holders.Add(-1)
			s.Release()
		}
	}
	var wg sync.WaitGroup
	var threads []*thread.Handle
	for i := range workers {
		if i%4 == 0 {
			threads = append(threads, thread.Spawn(func() error { work(i); return nil }))
			continue
		}
		wg.Go(func() { work(i) })
	}
	wg.Wait()
	for _, h := range threads {
		if err := h.Join(); err != nil {
			t.Error(err)
		}
	}
	if most.Load() > units {
		t.Errorf("%d held a semaphore of %d units", most.Load(), units)
	}
	if v := s.state.Load(); v != units {
		t.Errorf("the word is %#x at the end, want %d units and no bit", v, units)
	}
	for p := range levels {
		t.Logf("priority %d: served %d, gave up %d", p, served[p].Load(), gaveUp[p].Load())
	}
}

func TestMisuse(t *testing.T) {
	for name, f := range map[string]func(){
		"too few units":      func() { NewSemaphore(-1) },
		"too many units":     func() { NewSemaphore(1 << 24) },
		"too many released":  func() { NewSemaphore(1).Release() },
		"an unknown level":   func() { NewSemaphore(1).Acquire(Highest+1, park.Limit{}) },
		"a queue of no room": func() { NewQueue[int](0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestAllocations(t *testing.T) {
	s, q := NewSemaphore(1), NewQueue[int](1)
	n := testing.AllocsPerRun(100, func() {
		s.Acquire(0, park.Limit{})
		s.Release()
		q.Put(1, park.Limit{})
		q.Get(park.Limit{})
	})
	if n != 0 {
		t.Errorf("%v allocations where nobody waits, want none", n)
	}
}

// BenchmarkSemaphore has goroutines that take one of two units for a moment.
func BenchmarkSemaphore(b *testing.B) {
	const units = 2
	priorities, fifo, tokens := NewSemaphore(units), locks.NewSemaphore(units), make(chan struct{}, units)
	impls := []struct {
		name             string
		acquire, release func()
	}{
		{"backend", func() { priorities.Acquire(0, park.Limit{}) }, priorities.Release},
		{"locks", func() { fifo.Acquire(1) }, func() { fifo.Release(1) }},
		{"channel", func() { tokens <- struct{}{} }, func() { <-tokens }},
	}
	for _, goroutines := range []int{1, 16} {
		for _, impl := range impls {
			b.Run(fmt.Sprintf("impl=%s/goroutines=%d", impl.name, goroutines), func(b *testing.B) {
				together(b, goroutines, func(n int) {
					for range n {
						impl.acquire()
						impl.release()
					}
				})
			})
		}
	}
}

// together divides b.N operations among goroutines.
func together(b *testing.B, goroutines int, work func(n int)) {
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() { work((b.N + i) / goroutines) })
	}
	wg.Wait()
}
