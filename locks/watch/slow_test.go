// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/watch"
)

//go:noinline
func slowUnlock(unlock func()) { unlock() }

//go:noinline
func slowLock(lock func()) { lock() }

const threshold = 20 * time.Millisecond

// slow are the slow waits that f was called for.
type slow struct {
	mu    sync.Mutex
	waits []watch.SlowWait
}

func (s *slow) add(w watch.SlowWait) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waits = append(s.waits, w)
}

// of returns the slow waits for the lock with a name.
func (s *slow) of(name string) (waits []watch.SlowWait) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.waits {
		if w.Lock.Name == name {
			waits = append(waits, w)
		}
	}
	return waits
}

func calls(s watch.Stack, function string) bool { return strings.Contains(s.String(), function) }

func name[T any](lock *T) func(string) { return func(name string) { watch.Name(lock, name) } }

// TestOnSlow has a slow holder of each of several locks.
func TestOnSlow(t *testing.T) {
	m, limited, pinned := new(locks.Mutex), new(locks.Mutex), new(locks.Mutex)
	rw, read, sem := new(locks.RWMutex), new(locks.RWMutex), locks.NewSemaphore(1)
	for _, c := range []struct {
		name                        string
		named                       func(string)
		hold, lock, unlock, unlock2 func()
		typ                         string
	}{
		{"Lock", name(m), m.Lock, m.Lock, m.Unlock, m.Unlock, "locks.(*Mutex)"},
		{"TryLockFor", name(limited), limited.Lock, func() { limited.TryLockFor(time.Hour) }, limited.Unlock, limited.Unlock, "locks.(*Mutex)"},
		{"pinned", name(pinned), pinned.Lock, func() {
			thread.Pin()
			defer thread.Unpin()
			pinned.Lock()
		}, pinned.Unlock, pinned.Unlock, "locks.(*Mutex)"},
		{"write", name(rw), rw.RLock, rw.Lock, rw.RUnlock, rw.Unlock, "locks.(*RWMutex)"},
		{"read", name(read), read.Lock, read.RLock, read.Unlock, read.RUnlock, "locks.(*RWMutex)"},
		{
			"units", name(sem), func() { sem.TryAcquire(1) }, func() { sem.AcquireContext(t.Context(), 1) }, func() { sem.Release(1) }, func() { sem.Release(1) },
			"locks.(*Semaphore)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.named(c.name)
			var seen slow
			stop := watch.OnSlow(threshold, seen.add)
			c.hold()
			done := make(chan struct{})
			go func() {
				defer close(done)
				slowLock(c.lock)
			}()
			locktest.Eventually(t, "a call while the wait lasts", func() bool { return len(seen.of(c.name)) > 0 })
			slowUnlock(c.unlock)
			<-done
			c.unlock2()
			stop()
			waits := seen.of(c.name)
			if len(waits) != 2 || waits[0].Ended || !waits[1].Ended {
				t.Fatalf("f was called for %+v, want a wait that lasts, and its end", waits)
			}
			for i, w := range waits {
				if w.Lasted < threshold || w.Goroutine == 0 || w.Since.IsZero() || w.Dropped != 0 || w.LimitReached {
					t.Errorf("%d: %+v", i, w)
				}
				if !calls(w.Stack, "watch_test.slowLock") {
					t.Errorf("the waiter is not in slowLock:\n%v", w.Stack)
				}
			}
			if by := waits[0].UnlockedBy; by.Goroutine != 0 || by.Stack != nil {
				t.Errorf("a wait that lasts was ended by %+v", by)
			}
			by := waits[1].UnlockedBy
			if !calls(by.Stack, "watch_test.slowUnlock") || !strings.HasPrefix(by.Stack.String(), "github.com/osync-go/osync/"+c.typ) {
				t.Errorf("the wait was ended by goroutine %d:\n%v\nwant slowUnlock", by.Goroutine, by.Stack)
			}
		})
	}
}

// TestOnSlowOvertaken has a waiter that others overtake. The first Unlock has kept it waiting.
func TestOnSlowOvertaken(t *testing.T) {
	var seen slow
	stop := watch.OnSlow(threshold, seen.add)
	m := new(locks.Mutex)
	watch.Name(m, "overtaken")
	for range 10 { // it may be that the waiter is never overtaken
		m.Lock()
		done := make(chan struct{})
		go func() {
			defer close(done)
			slowLock(m.Lock)
			m.Unlock()
		}()
		one(t, m)
		time.Sleep(2 * threshold)
		slowUnlock(m.Unlock)
		for range 100 {
			m.Lock()
			runtime.Gosched()
			m.Unlock()
		}
		<-done
	}
	stop()
	n := 0
	for _, w := range seen.of("overtaken") {
		if w.Ended {
			n++
			if !calls(w.UnlockedBy.Stack, "watch_test.slowUnlock") {
				t.Errorf("the wait of %v was ended by\n%v\nwant slowUnlock", w.Lasted, w.UnlockedBy.Stack)
			}
		}
	}
	if n != 10 {
		t.Errorf("%d slow waits have ended, want 10", n)
	}
}

// TestOnSlowLimit has a wait that gives up.
func TestOnSlowLimit(t *testing.T) {
	var seen slow
	defer watch.OnSlow(time.Hour, func(watch.SlowWait) { t.Error("a wait of an hour") })()
	stop := watch.OnSlow(threshold, seen.add)
	m := new(locks.Mutex)
	watch.Name(m, "limit")
	m.Lock()
	watch.GiveUpAfter(t, threshold, m.LockContext)
	stop()
	waits := seen.of("limit")
	if len(waits) == 0 {
		t.Fatal("f was not called")
	}
	if w := waits[len(waits)-1]; !w.LimitReached || !w.Ended || !w.Limited || w.UnlockedBy.Stack != nil {
		t.Errorf("f was called for %+v, want a wait whose limit was reached", w)
	}
}

// TestOnSlowMoved has a waiter of a Cond that Broadcast moves to the Mutex.
func TestOnSlowMoved(t *testing.T) {
	var seen slow
	stop := watch.OnSlow(threshold, seen.add)
	m := new(locks.Mutex)
	c := locks.NewCond(m)
	watch.Name(m, "moved to")
	watch.Name(c, "moved from")
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			m.Lock()
			defer m.Unlock()
			c.Wait()
		})
	}
	locktest.Eventually(t, "waiters", func() bool { return len(seen.of("moved from")) == 2 })
	m.Lock()
	c.Broadcast()
	locktest.Eventually(t, "moved waiters", func() bool { return len(seen.of("moved to")) > 0 })
	slowUnlock(m.Unlock)
	wg.Wait()
	stop()
	ended := 0
	for _, w := range append(seen.of("moved from"), seen.of("moved to")...) {
		if w.Ended {
			ended++
		}
		if w.Exclusion != (w.Lock.Name == "moved to") || w.Lock.Type != map[bool]string{false: "locks.Cond", true: "locks.Mutex"}[w.Exclusion] {
			t.Errorf("%+v", w)
		}
	}
	if from := seen.of("moved from"); ended < 3 || len(from) != 4 || from[0].Ended || from[1].Ended || !from[2].Ended || !from[3].Ended {
		t.Errorf("%d waits have ended; of the Cond: %+v", ended, from)
	}
}

// TestOnSlowDropped has more waits than are kept.
func TestOnSlowDropped(t *testing.T) {
	const n, room = 1500, 1024
	var ended, dropped atomic.Int32
	release := make(chan struct{})
	stop := watch.OnSlow(0, func(w watch.SlowWait) {
		<-release
		if w.Lock.Name == "dropped" {
			ended.Add(1)
		}
		dropped.Add(int32(w.Dropped))
	})
	m := new(locks.Mutex)
	watch.Name(m, "dropped")
	m.Lock()
	for range n {
		m.TryLockFor(time.Microsecond)
	}
	close(release)
	m.Unlock()
	stop()
	if ended.Load() < room || dropped.Load() < n/10 || int(ended.Load()+dropped.Load()) < n {
		t.Errorf("f was called for %d waits, %d were dropped, of %d", ended.Load(), dropped.Load(), n)
	}
}

// TestOnSlowStop calls stop, from f and from elsewhere.
func TestOnSlowStop(t *testing.T) {
	before := runtime.NumGoroutine()
	m := new(locks.Mutex)
	m.Lock()
	var stop func()
	calls := 0
	stopped := make(chan struct{})
	set := make(chan struct{})
	stop = watch.OnSlow(0, func(w watch.SlowWait) {
		<-set
		calls++
		stop()
		select {
		case <-stopped:
		default:
			close(stopped)
		}
	})
	close(set)
	for range 10 {
		m.TryLockFor(time.Microsecond)
	}
	<-stopped
	stop()
	if calls != 1 {
		t.Errorf("f was called %d times, want 1", calls)
	}

	running, release := make(chan struct{}), make(chan struct{})
	var returned atomic.Bool
	stop = watch.OnSlow(0, func(watch.SlowWait) {
		if !returned.Load() {
			close(running)
			<-release
			returned.Store(true)
		}
	})
	m.TryLockFor(time.Microsecond)
	<-running
	go close(release)
	stop()
	if !returned.Load() {
		t.Error("stop has returned before f")
	}

	stop = watch.OnSlow(0, func(watch.SlowWait) { runtime.Goexit() })
	m.TryLockFor(time.Microsecond)
	stop()
	locktest.Eventually(t, "no goroutine left", func() bool { return runtime.NumGoroutine() <= before })
}

// TestOnSlowBubble has a slow wait in a bubble, by its clock.
func TestOnSlowBubble(t *testing.T) {
	var outside slow
	defer watch.OnSlow(time.Minute, outside.add)()
	synctest.Test(t, func(t *testing.T) {
		var seen slow
		stop := watch.OnSlow(time.Minute, seen.add)
		m := new(locks.Mutex)
		watch.Name(m, "bubble")
		m.Lock()
		go func() {
			m.TryLockFor(time.Hour)
			m.Unlock()
		}()
		time.Sleep(30 * time.Minute)
		m.Unlock()
		synctest.Wait()
		stop()
		waits := seen.of("bubble")
		if len(waits) != 2 || waits[0].Ended || waits[0].Lasted > 62*time.Second || waits[1].Lasted != 30*time.Minute {
			t.Errorf("f was called for %+v", waits)
		}
	})
	locktest.Eventually(t, "the end of the wait", func() bool { return len(outside.of("bubble")) == 1 })
}
