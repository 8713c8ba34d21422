// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// stressTime is a second, or a moment with -short.
func stressTime() time.Duration {
	if testing.Short() {
		return 100 * time.Millisecond
	}
	return time.Second
}

// TestStressGrants hands out grants through Pop and Wake to waiters that give up at
// random. Each grant must reach one waiter: no waiter that gave up takes one, and none counts
// twice.
func TestStressGrants(t *testing.T) {
	atEnd(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	words := park.SameBucket(3)
	var granted, received atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Add(1)
		f := func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for !stop.Load() {
				ctx, cancel := context.WithCancel(t.Context())
				var limit park.Limit
				switch r.IntN(3) {
				case 0:
					limit = park.For(time.Duration(r.IntN(50)) * time.Microsecond)
				case 1:
					limit = park.Context(ctx)
					go func(d time.Duration) { time.Sleep(d); cancel() }(time.Duration(r.IntN(50)) * time.Microsecond)
				case 2:
					limit = park.For(time.Duration(r.IntN(3)) * time.Millisecond)
				}
				w := park.NewWaiter(park.Kind(r.IntN(2)), limit)
				word := words[r.IntN(len(words))]
				token, err := w.Sleep(word, park.Always{}, nil)
				if err == nil {
					received.Add(int64(token))
				}
				w.Free()
				cancel()
			}
		}
		if i%3 == 0 {
			thread.Spawn(func() error { f(); return nil })
		} else {
			go f()
		}
	}
	r := rand.New(rand.NewPCG(seed, 1000))
	for end := time.Now().Add(stressTime()); time.Now().Before(end); {
		a, b := words[r.IntN(len(words))], words[r.IntN(len(words))]
		var w *park.Waiter
		park.WithQueues(a, b, func(q, to park.Queue) {
			w = q.Pop()
			q.MoveTo(to, r.IntN(3))
		})
		if w != nil {
			token := 1 + r.Uint32N(100)
			granted.Add(int64(token))
			w.Wake(token)
		} else {
			runtime.Gosched()
		}
	}
	stop.Store(true)
	wg.Wait()
	if granted.Load() != received.Load() || granted.Load() == 0 {
		t.Errorf("granted %d, received %d", granted.Load(), received.Load())
	}
}

// TestStressGate runs the Gate of the package's documentation with goroutines and pinned threads, while
// the garbage collector runs. If a wake-up is lost, the test hangs.
func TestStressGate(t *testing.T) {
	atEnd(t)
	for _, procs := range []int{1, 2, 4} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			var open atomic.Uint32
			open.Store(1)
			inside, total := 0, 0
			var wg sync.WaitGroup
			var stop atomic.Bool
			for i := range 12 {
				wg.Add(1)
				f := func() {
					defer wg.Done()
					for !stop.Load() {
						for !open.CompareAndSwap(1, 0) {
							if i%4 == 0 {
								park.WaitFor(&open, 0, time.Duration(i)*10*time.Microsecond)
							} else {
								park.Wait(&open, 0)
							}
						}
						inside++
						if inside != 1 {
							t.Errorf("%d are inside", inside)
						}
						total++
						inside--
						open.Store(1)
						park.Wake(&open)
						locktest.Preempt()
					}
				}
				if i%3 == 0 {
					thread.Spawn(func() error { f(); return nil })
				} else {
					go f()
				}
			}
			for end := time.Now().Add(stressTime()); time.Now().Before(end); time.Sleep(time.Millisecond) {
				runtime.GC()
			}
			stop.Store(true)
			wg.Wait()
			t.Logf("GOMAXPROCS=%d: %d passes", procs, total)
		}()
	}
}

// TestScale lets many goroutines wait on one word. They must not cost threads.
func TestScale(t *testing.T) {
	atEnd(t)
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	threads := pprof.Lookup("threadcreate")
	before := threads.Count()
	var word atomic.Uint32
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		go func() {
			defer wg.Done()
			for word.Load() == 0 {
				park.Wait(&word, 0)
			}
		}()
	}
	waiting(t, &word, n)
	if made := threads.Count() - before; made > 10 {
		t.Errorf("%d goroutines that wait made %d threads", n, made)
	}
	word.Store(1)
	if woken := park.WakeAll(&word); woken != n {
		t.Errorf("WakeAll = %d, want %d", woken, n)
	}
	wg.Wait()
}

// TestManyWords lets each goroutine wait on a word of its own, and wakes the words in another order.
func TestManyWords(t *testing.T) {
	atEnd(t)
	const n = 1000
	words := make([]*atomic.Uint32, n)
	var wg sync.WaitGroup
	for i := range words {
		words[i] = new(atomic.Uint32)
		wg.Add(1)
		go func() { defer wg.Done(); park.Wait(words[i], 0) }()
	}
	for i := range words {
		waiting(t, words[i], 1)
	}
	park.Check()
	for _, i := range rand.Perm(n) {
		if !park.Wake(words[i]) {
			t.Fatalf("Wake does not find the waiter on word %d", i)
		}
	}
	wg.Wait()
}
