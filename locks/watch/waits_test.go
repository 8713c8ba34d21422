// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/watch"
)

// of returns the waits for the lock at p.
func of[T any](p *T) (waits []watch.Wait) {
	from := uintptr(unsafe.Pointer(p))
	for _, w := range watch.Waits() {
		if from <= w.Lock.Addr && w.Lock.Addr < from+unsafe.Sizeof(*p) {
			waits = append(waits, w)
		}
	}
	return waits
}

// one waits until there is one wait for the lock at p.
func one[T any](t *testing.T, p *T) (w watch.Wait) {
	t.Helper()
	locktest.Eventually(t, "a waiter", func() bool {
		waits := of(p)
		if len(waits) == 1 {
			w = waits[0]
		}
		return len(waits) == 1
	})
	return w
}

func want(t *testing.T, w watch.Wait, typ, purpose string, exclusion, pinned, limited bool) {
	t.Helper()
	got := fmt.Sprint(w.Lock.Type, ", ", w.For, w.Exclusion, w.Pinned, w.Limited)
	if want := fmt.Sprint(typ, ", ", purpose, exclusion, pinned, limited); got != want {
		t.Errorf("a wait is %v, want %v", got, want)
	}
	if w.Goroutine == 0 || w.Since.After(time.Now()) || time.Since(w.Since) > time.Hour {
		t.Errorf("goroutine %d waits since %v", w.Goroutine, w.Since)
	}
}

func TestWaits(t *testing.T) {
	var wg sync.WaitGroup
	defer wg.Wait()

	m := new(locks.Mutex)
	m.Lock()
	wg.Go(func() { m.Lock(); m.Unlock() })
	want(t, one(t, m), "locks.Mutex", "lock", true, false, false)
	m.Unlock()

	rw := new(locks.RWMutex)
	rw.Lock()
	wg.Go(func() { rw.RLock(); rw.RUnlock() })
	want(t, one(t, rw), "locks.RWMutex", "read", true, false, false)
	rw.Unlock()
	locktest.Eventually(t, "no waiter", func() bool { return len(of(rw)) == 0 })
	rw.RLock()
	wg.Go(func() { rw.Lock(); rw.Unlock() })
	want(t, one(t, rw), "locks.RWMutex", "write, until the readers have left", true, false, false)
	rw.RUnlock()
	locktest.Eventually(t, "no writer", rw.TryLock)
	wg.Go(func() { rw.TryLockFor(time.Hour); rw.Unlock() })
	want(t, one(t, rw), "locks.RWMutex", "write", true, false, true)
	rw.Unlock()

	s := locks.NewSemaphore(3)
	s.TryAcquire(3)
	wg.Go(func() {
		thread.Pin()
		defer thread.Unpin()
		s.AcquireContext(t.Context(), 2)
	})
	w := one(t, s)
	want(t, w, "locks.Semaphore", "2 units", false, w.Pinned, true)
	if park.Backend() != "scheduler" && !w.Pinned {
		t.Error("a pinned thread does not sleep as one")
	}
	s.Release(3)

	g := guard.NewMutex(0)
	wg.Go(func() { g.When(func(n *int) bool { return *n > 0 }, func(*int) {}) })
	want(t, one(t, g), "guard.waiters", "condition on the value", false, false, false)
	g.With(func(n *int) { *n = 1 })

	word := new(atomic.Uint32)
	watch.Name(word, "word")
	wg.Go(func() { park.Wait(word, 0) })
	w = one(t, word)
	want(t, w, "atomic.Uint32", "change", false, false, false)
	if w.Lock.Name != "word" {
		t.Error(w.Lock)
	}
	word.Store(1)
	park.Wake(word)
}

// TestKeyedWaits shows that a wait names the Keyed, and the key: a string or a number, or the type of another key.
func TestKeyedWaits(t *testing.T) {
	var wg sync.WaitGroup
	defer wg.Wait()

	k := new(locks.Keyed[string])
	k.LockAll("a", "b\n")
	wg.Go(func() { k.Lock("b\n"); k.Unlock("b\n") })
	want(t, one(t, k), "locks.Keyed[string]", `lock "b\n"`, true, false, false)
	k.UnlockAll("a", "b\n")

	rw := new(locks.KeyedRW[int8])
	rw.RLock(-7)
	wg.Go(func() { rw.TryLockFor(-7, time.Hour); rw.Unlock(-7) })
	want(t, one(t, rw), "locks.KeyedRW[int8]", "write -7, until the readers have left", true, false, true)
	rw.RUnlock(-7)
	idle := func() bool { return !rw.HasWaiters(-7) && len(of(rw)) == 0 && rw.TryLock(-7) }
	locktest.Eventually(t, "no writer", idle)
	wg.Go(func() { rw.Lock(-7); rw.Unlock(-7) })
	want(t, one(t, rw), "locks.KeyedRW[int8]", "write -7", true, false, false)
	rw.Unlock(-7)
	locktest.Eventually(t, "no other writer", idle)
	wg.Go(func() { rw.RLock(-7); rw.RUnlock(-7) })
	want(t, one(t, rw), "locks.KeyedRW[int8]", "read -7", true, false, false)
	rw.Unlock(-7)

	type file struct{ dir, name string }
	files := new(locks.Keyed[any])
	for key, purpose := range map[any]string{
		file{"d", "n"}: "lock a watch_test.file", uint(3): "lock 3", nil: "lock nil", true: "lock a bool",
	} {
		files.Lock(key)
		wg.Go(func() { files.Lock(key); files.Unlock(key) })
		want(t, one(t, files), "locks.Keyed[interface {}]", purpose, true, false, false)
		files.Unlock(key)
		locktest.Eventually(t, "no waiter", func() bool { return len(of(files)) == 0 })
	}
}

// TestMoved has waiters of a Cond that a Broadcast moves to the Mutex.
func TestMoved(t *testing.T) {
	var both struct {
		m locks.Mutex
		c *locks.Cond
	}
	both.c = locks.NewCond(&both.m)
	var wg sync.WaitGroup
	const n = 5
	for range n {
		wg.Go(func() {
			both.m.Lock()
			both.c.Wait()
			both.m.Unlock()
		})
	}
	locktest.Eventually(t, "waiters", func() bool { return len(of(both.c)) == n })
	for _, w := range of(both.c) {
		want(t, w, "locks.Cond", "signal", false, false, false)
	}
	both.m.Lock()
	both.c.Broadcast()
	moved := of(&both.m)
	if len(moved) == 0 {
		t.Error("nobody was moved")
	}
	for _, w := range moved {
		want(t, w, "locks.Mutex", "lock, after Cond.Broadcast", true, false, false)
	}
	both.m.Unlock()
	wg.Wait()
}

// TestMany has more waiters than are listed under the lock of a bucket.
func TestMany(t *testing.T) {
	const n = 1000
	var wg sync.WaitGroup
	l := locks.NewLatch(1)
	for range n {
		wg.Go(func() { l.Wait() })
	}
	locktest.Eventually(t, "waiters", func() bool { return len(of(l)) == n })
	l.Arrive(1)
	wg.Wait()
	if waits := of(l); len(waits) > 0 {
		t.Error("left over:", waits)
	}
}

// TestGoesOn lists many waiters again and again while others lock and unlock.
func TestGoesOn(t *testing.T) {
	const n = 1000
	var wg sync.WaitGroup
	latch, busy := locks.NewLatch(1), new(locks.Mutex)
	for range n {
		wg.Go(func() { latch.Wait() })
	}
	locktest.Eventually(t, "waiters", func() bool { return len(of(latch)) == n })
	var turns [2]atomic.Int64
	var end atomic.Bool
	for i := range turns {
		wg.Go(func() {
			for !end.Load() {
				busy.Lock()
				turns[i].Add(1)
				busy.Unlock()
				if runtime.GOARCH == "wasm" { // where nothing else runs before the loop ends
					runtime.Gosched()
				}
			}
		})
	}
	locktest.Eventually(t, "turns of both", func() bool {
		if got := len(of(latch)); got != n {
			t.Errorf("%d waits are listed, want %d", got, n)
		}
		return turns[0].Load() > 1000 && turns[1].Load() > 1000
	})
	end.Store(true)
	latch.Arrive(1)
	wg.Wait()
}

// BenchmarkListed is a contended Mutex beside 1,000 waiters, which are listed every 100 ms or not.
func BenchmarkListed(b *testing.B) {
	for _, listed := range []bool{false, true} {
		b.Run(fmt.Sprintf("listed=%t", listed), func(b *testing.B) {
			var wg sync.WaitGroup
			latch, busy := locks.NewLatch(1), new(locks.Mutex)
			for range 1000 {
				wg.Go(func() { latch.Wait() })
			}
			done := make(chan struct{})
			if listed {
				wg.Go(func() {
					for {
						select {
						case <-done:
							return
						case <-time.After(100 * time.Millisecond):
							watch.Waits()
						}
					}
				})
			}
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					busy.Lock()
					busy.Unlock()
				}
			})
			b.StopTimer()
			close(done)
			latch.Arrive(1)
			wg.Wait()
		})
	}
}
