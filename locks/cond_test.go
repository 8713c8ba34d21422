// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// TestBroadcastKeepsPlaces wakes waiters by a Broadcast, with the mutex held and with the mutex free.
// They lock it in FIFO order.
func TestBroadcastKeepsPlaces(t *testing.T) {
	want := []int{0, 1, 2, 3, 4}
	for name, held := range map[string]bool{"held": true, "free": false} {
		t.Run(name, func(t *testing.T) {
			locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
				var m locks.Mutex
				cond := locks.NewCond(&m)
				var order []int
				for i := range want {
					c.StartWaiting(cond, func() {
						m.Lock()
						cond.Wait()
						order = append(order, i)
						m.Unlock()
					})
				}
				m.Lock()
				if !held {
					m.Unlock()
				}
				cond.Broadcast()
				if held {
					time.Sleep(time.Millisecond) // for a waiter that is awake to lose its place; otherwise the test tests less
					if n := m.Waiting(); n != len(want) {
						c.Errorf("%d wait for the mutex after Broadcast, want %d", n, len(want))
					}
					m.Unlock()
				}
				c.Join()
				if !slices.Equal(order, want) {
					c.Errorf("the waiters had the mutex in the order %v, want %v", order, want)
				}
				c.Idle(&m, 0)
			})
		})
	}
}

// TestBroadcastEndsLimits lets the limits of waiters end after a Broadcast, while they wait for the
// mutex. They count as woken, and keep their places.
func TestBroadcastEndsLimits(t *testing.T) {
	want := []int{0, 1, 2, 3, 4}
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var m locks.Mutex
		cond := locks.NewCond(&m)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var order []int
		for i := range want {
			c.StartWaiting(cond, func() {
				m.Lock()
				if i%2 == 0 {
					if err := cond.WaitContext(ctx); err != nil {
						c.Errorf("WaitContext = %v after a Broadcast", err)
					}
				} else {
					cond.Wait()
				}
				order = append(order, i)
				m.Unlock()
			})
		}
		m.Lock()
		cond.Broadcast()
		cancel()
		time.Sleep(2 * time.Millisecond) // for the waiters to notice; otherwise the test tests less
		if n := m.Waiting(); n != len(want) {
			c.Errorf("%d wait for the mutex after Broadcast, want %d", n, len(want))
		}
		m.Unlock()
		c.Join()
		if !slices.Equal(order, want) {
			c.Errorf("the waiters had the mutex in the order %v, want %v", order, want)
		}
	})
}

// TestBroadcastOrder wakes waiters whose Locker is another one, which a Broadcast makes runnable all at
// once. With one processor they run in FIFO order.
func TestBroadcastOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := []int{0, 1, 2, 3, 4}
	var order []int
	for range 20 { // one may be preempted
		var m sync.Mutex
		cond := locks.NewCond(&m)
		var done sync.WaitGroup
		order = nil
		for i := range want {
			done.Go(func() {
				m.Lock()
				cond.Wait()
				order = append(order, i)
				m.Unlock()
			})
			locktest.Eventually(t, "one more waits", func() bool { return cond.Waiting() == i+1 })
		}
		cond.Broadcast()
		done.Wait()
		if slices.Equal(order, want) {
			return
		}
	}
	t.Errorf("the waiters ran in the order %v, want %v", order, want)
}

// A panickyLocker panics when it is unlocked though it is not locked.
type panickyLocker struct{ locked bool }

func (l *panickyLocker) Lock() { l.locked = true }
func (l *panickyLocker) Unlock() {
	if !l.locked {
		panic("not locked")
	}
	l.locked = false
}

// TestCondWithoutLock calls the forms of Wait without the lock, and recovers. No waiter may stay in the
// queue, where it would consume a Signal.
func TestCondWithoutLock(t *testing.T) {
	for name, newLocker := range map[string]func() locks.Locker{
		"none":      func() locks.Locker { return nil },
		"Mutex":     func() locks.Locker { return new(locks.Mutex) },
		"FairMutex": func() locks.Locker { return new(locks.FairMutex) },
		"RWMutex":   func() locks.Locker { return new(locks.RWMutex) },
		"RLocker":   func() locks.Locker { return new(locks.RWMutex).RLocker() },
		"another":   func() locks.Locker { return new(panickyLocker) },
	} {
		t.Run(name, func(t *testing.T) {
			locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
				for form, wait := range map[string]func(*locks.Cond){
					"Wait":        (*locks.Cond).Wait,
					"WaitFor":     func(cond *locks.Cond) { cond.WaitFor(time.Millisecond) },
					"WaitContext": func(cond *locks.Cond) { cond.WaitContext(t.Context()) },
				} {
					cond := locks.NewCond(newLocker())
					recovered := make(chan any)
					c.Start(func() {
						defer func() { recovered <- recover() }()
						wait(cond)
					})
					if <-recovered == nil {
						c.Errorf("%s returns", form)
					}
					if n := cond.Waiting(); n != 0 {
						c.Errorf("%d wait after %s", n, form)
					}
				}
				c.Join()
			})
		})
	}
}

// TestCondOrdersMemory wakes waiters without L: what was written before a Signal or Broadcast is seen after the Wait
// that it ends. The race detector checks it: it must not see how the waker finds out that a goroutine waits.
func TestCondOrdersMemory(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for _, wake := range []func(*locks.Cond){(*locks.Cond).Signal, (*locks.Cond).Broadcast} {
			for range locktest.Rounds(500) {
				for _, l := range []locks.Locker{new(locks.Mutex), new(sync.Mutex)} {
					cond := locks.NewCond(l)
					news := 0
					c.Start(func() {
						l.Lock()
						cond.Wait()
						if news != 1 {
							c.Errorf("the news are not seen")
						}
						l.Unlock()
					})
					race.Disable()
					for cond.Waiting() == 0 {
						runtime.Gosched()
					}
					race.Enable()
					news = 1
					wake(cond)
					c.Join()
				}
			}
		}
	})
}

// TestWakesFreeWaiters lets a goroutine wait again and again. Each wait must give its Waiter back to the
// pool, whatever ends the wait.
func TestWakesFreeWaiters(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties pools
	const n = 400
	var m locks.Mutex
	for name, tt := range map[string]struct {
		cond *locks.Cond
		wake func(c *locks.Cond)
	}{
		"Signal":                       {locks.NewCond(&m), (*locks.Cond).Signal},
		"Broadcast":                    {locks.NewCond(&m), (*locks.Cond).Broadcast},
		"Signal, another Locker":       {locks.NewCond(new(sync.Mutex)), (*locks.Cond).Signal},
		"Broadcast, another Locker":    {locks.NewCond(new(sync.Mutex)), (*locks.Cond).Broadcast},
		"Broadcast with the lock held": {locks.NewCond(&m), func(c *locks.Cond) { m.Lock(); c.Broadcast(); m.Unlock() }},
	} {
		t.Run(name, func(t *testing.T) {
			mallocs := func() uint64 {
				var done sync.WaitGroup
				done.Go(func() {
					for range n {
						tt.cond.L.Lock()
						tt.cond.Wait()
						tt.cond.L.Unlock()
					}
				})
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				for range n {
					for tt.cond.Waiting() == 0 {
						runtime.Gosched()
					}
					tt.wake(tt.cond)
				}
				done.Wait()
				runtime.ReadMemStats(&after)
				return after.Mallocs - before.Mallocs
			}
			got := mallocs()
			for range 3 { // a pool forgets when GOMAXPROCS has grown, and the runtime allocates at times
				got = min(got, mallocs())
			}
			if got > n/4 {
				t.Errorf("%d waits allocate %d times, want about 0", n, got)
			}
		})
	}
}

// TestGiveUpFreesWaiters lets waits end by their limits. Each gives its Waiter back to the pool: all that it
// allocates is a channel and the error.
func TestGiveUpFreesWaiters(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	runtime.GC()
	runtime.GC()                                     // the pool is empty now
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // and keeps what it gets
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	limit := park.Context(ended)
	var m locks.Mutex
	m.Lock()
	if n := allocs.PerRun(t, 100, func() { m.LockLimit(limit) }); n > 2 {
		t.Errorf("a wait for a Mutex that gives up allocates %v times, want 2", n)
	}
}

func TestCond(t *testing.T) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		m := new(locks.Mutex)
		return m, locks.NewCond(m)
	}, options()...)
}

// TestCondOtherLocker is for Broadcast where it cannot requeue.
func TestCondOtherLocker(t *testing.T) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		m := new(sync.Mutex)
		return m, locks.NewCond(m)
	}, append(options(), locktest.Scrambles())...)
}

// TestCondContextEnded waits with a context that has ended, which does not unlock L.
func TestCondContextEnded(t *testing.T) {
	var l panickyLocker // it is not locked
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := locks.NewCond(&l).WaitContext(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("WaitContext = %v, want %v", err, context.Canceled)
	}
}

// TestCopiedCond copies a Cond after its first use.
func TestCopiedCond(t *testing.T) {
	c := locks.NewCond(new(locks.Mutex))
	c.Signal()
	var c2 locks.Cond
	copyCond(&c2, c)
	c2.L.Lock()
	for name, f := range map[string]func(){
		"Signal": c2.Signal, "Broadcast": c2.Broadcast, "Wait": c2.Wait,
		"WaitFor":     func() { c2.WaitFor(time.Second) },
		"WaitContext": func() { c2.WaitContext(t.Context()) },
	} {
		locktest.Panics(t, name+" of a copy", "locks: Cond is copied", f)
	}
}

// copyCond makes a copy that go vet does not see.
func copyCond(to, from *locks.Cond) {
	type plain struct {
		l    locks.Locker
		rest [2]uint32
	}
	*(*plain)(unsafe.Pointer(to)) = *(*plain)(unsafe.Pointer(from)) // of the same layout
}
