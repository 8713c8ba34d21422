// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// TestCondDestroyWoken destroys a condition variable as POSIX allows: all waiters are woken and the mutex is
// unlocked, but none of them has returned.
func TestCondDestroyWoken(t *testing.T) {
	need(t)
	const waiters, rounds = 3, 50
	for _, way := range []struct {
		name string
		wake func(c *pthread.Cond) error
		n    int
	}{
		{"Broadcast", (*pthread.Cond).Broadcast, 1},
		{"Signals", (*pthread.Cond).Signal, waiters},
	} {
		t.Run(way.name, func(t *testing.T) {
			for range rounds {
				m, c := newMutex(t, ofType(pthread.TypeErrorCheck)), made(pthread.NewCond(nil))(t)
				waiting, woken := 0, false
				var g sync.WaitGroup
				for range waiters {
					g.Go(func() {
						must(t, m.Lock())
						for waiting++; !woken; {
							must(t, c.Wait(m))
						}
						must(t, m.Unlock())
					})
				}
				locktest.Eventually(t, "the waiters", func() bool {
					must(t, m.Lock())
					defer func() { must(t, m.Unlock()) }()
					return waiting == waiters
				})
				must(t, m.Lock())
				woken = true
				for range way.n { // woken waiters cannot return without the mutex
					wants(t, "Destroy while some are not woken", c.Destroy(), pthread.EBUSY)
					must(t, way.wake(c))
				}
				must(t, m.Unlock())
				err := c.Destroy()
				g.Wait()
				if runtime.GOOS == "darwin" && err == pthread.EBUSY {
					t.Skip("this libSystem counts those who have not come back yet")
				}
				wants(t, "Destroy when they are woken", err, nil)
				must(t, m.Destroy())
			}
		})
	}
}

// TestCondDestroyOneLeft wakes one of two waiters. When it has returned, the other one still waits.
func TestCondDestroyOneLeft(t *testing.T) {
	need(t)
	m, c := newMutex(t, ofType(pthread.TypeErrorCheck)), made(pthread.NewCond(nil))(t)
	waiting, tokens, left := 0, 0, 0
	locked := func(f func()) {
		must(t, m.Lock())
		f()
		must(t, m.Unlock())
	}
	until := func(what string, is func() bool) {
		t.Helper()
		locktest.Eventually(t, what, func() (ok bool) { locked(func() { ok = is() }); return ok })
	}
	var g sync.WaitGroup
	for range 2 {
		g.Go(func() {
			locked(func() {
				for waiting++; tokens == 0; {
					must(t, c.Wait(m))
				}
				tokens--
				left++
			})
		})
	}
	until("both wait", func() bool { return waiting == 2 })
	for i := 1; i <= 2; i++ {
		locked(func() { tokens++; must(t, c.Signal()) })
		until("one leaves", func() bool { return left == i })
		if i == 1 {
			wants(t, "Destroy while one waits", c.Destroy(), pthread.EBUSY)
		}
	}
	wants(t, "Destroy when both have left", c.Destroy(), nil)
	g.Wait()
}

// TestCondDestroyTimedOut wakes one waiter, and times out itself: then no thread waits, whether the woken one has returned
// or not.
func TestCondDestroyTimedOut(t *testing.T) {
	need(t)
	for range 50 {
		m, c := newMutex(t, ofType(pthread.TypeErrorCheck)), made(pthread.NewCond(nil))(t)
		waiting, woken := make(chan struct{}), false
		var g sync.WaitGroup
		g.Go(func() {
			must(t, m.Lock())
			close(waiting)
			for !woken {
				must(t, c.Wait(m))
			}
			must(t, m.Unlock())
		})
		<-waiting
		must(t, m.Lock())
		woken = true
		must(t, c.Signal())
		wants(t, "TimedWait, past", c.TimedWait(m, pthread.Timespec{}), pthread.ETIMEDOUT)
		err := c.Destroy()
		must(t, m.Unlock())
		g.Wait()
		if runtime.GOOS == "darwin" && err == pthread.EBUSY {
			t.Skip("this libSystem counts those who have not come back yet")
		}
		wants(t, "Destroy when one is woken and the other has given up", err, nil)
	}
}

// TestBarrierDestroySerial has the serial thread destroy the barrier while the others leave.
func TestBarrierDestroySerial(t *testing.T) {
	need(t, "pthread_barrier_wait")
	const threads, rounds = 4, 50
	for range rounds {
		b := made(pthread.NewBarrier(nil, threads))(t)
		var g sync.WaitGroup
		for range threads {
			g.Go(func() {
				serial, err := b.Wait()
				must(t, err)
				if serial {
					wants(t, "Destroy by the serial thread", b.Destroy(), nil)
				}
			})
		}
		g.Wait()
		wants(t, "Destroy again", b.Destroy(), nil)
	}
}

// TestCondCollected drops handles of condition variables in which C code waits; here, other handles stand in for it. Other
// cleanups of the program must go on, and the objects must be freed once no thread waits.
func TestCondCollected(t *testing.T) {
	need(t)
	if !strings.HasPrefix(pthread.Version(), "glibc") {
		t.Skipf("the destroy of %s does not wait for those inside: the handle must outlive them", pthread.Version())
	}
	var freed sync.Map
	defer pthread.OnFree(func(addr uintptr) { freed.Store(addr, true) })()
	m := newMutex(t, ofType(pthread.TypeErrorCheck))
	conds := 1 + runtime.GOMAXPROCS(0) // more than the goroutines that run cleanups
	others := make([]*pthread.Cond, conds)
	let := false
	var g sync.WaitGroup
	for i := range others {
		c := made(pthread.NewCond(nil))(t)
		others[i] = pthread.CondAt(c.Pointer())
		freed.Delete(uintptr(c.Pointer()))
		in := make(chan struct{})
		g.Go(func() {
			must(t, m.Lock())
			for close(in); !let; {
				must(t, others[i].Wait(m))
			}
			must(t, m.Unlock())
		})
		<-in
	}
	must(t, m.Lock()) // all are in Wait
	must(t, m.Unlock())
	for range 3 { // cleanups run in no order, so check more than once
		ran := make(chan struct{})
		runtime.AddCleanup(new([16]byte), func(ran chan struct{}) { close(ran) }, ran)
		collected(t, "other cleanups have to run", func() bool {
			select {
			case <-ran:
				return true
			default:
				return false
			}
		})
	}
	must(t, m.Lock())
	let = true
	for _, c := range others {
		if _, ok := freed.Load(uintptr(c.Pointer())); ok {
			t.Error("a condition variable with a waiter was freed")
		}
		must(t, c.Broadcast())
	}
	must(t, m.Unlock())
	g.Wait()
	for _, c := range others {
		collected(t, "a condition variable that nobody uses has to be freed", func() bool {
			_, ok := freed.Load(uintptr(c.Pointer()))
			return ok
		})
	}
}

// TestWaits counts the sleeping and the woken threads: b begins a wait, s is a Signal, a is a Broadcast,
// e is the end of a wait that was woken, and x is the end of one that timed out.
func TestWaits(t *testing.T) {
	for ops, want := range map[string][2]uint32{
		"":        {0, 0},
		"sa":      {0, 0},
		"bb":      {2, 0},
		"bbs":     {1, 1},
		"bbse":    {1, 0},
		"bbss":    {0, 2},
		"bbsss":   {0, 2},
		"bbsx":    {0, 1}, // the other one was woken
		"bsx":     {0, 0},
		"bbae":    {0, 1},
		"bbab":    {1, 2},
		"bbabe":   {1, 1},
		"bbabxee": {0, 0},
		"be":      {0, 0}, // spurious
		"bbses":   {0, 1}, // the end may have been spurious; the second Signal makes up for it
		"bxbx":    {0, 0},
	} {
		var w pthread.Waits
		for _, op := range ops {
			switch op {
			case 'b':
				w.Begin()
			case 's':
				w.Wake(1)
			case 'a':
				w.Wake(1<<32 - 1)
			default:
				w.End(op == 'e')
			}
		}
		if got := w.Counts(); got != want {
			t.Errorf("%q: %d are asleep and woken, want %d", ops, got, want)
		}
	}
}

// TestWaitsAtOnce changes the counts from several goroutines.
func TestWaitsAtOnce(t *testing.T) {
	var w pthread.Waits
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			for range 500_000 {
				w.Begin()
				w.Wake(1)
				w.End(true)
			}
		})
	}
	g.Wait()
	if got := w.Counts(); got != [2]uint32{} {
		t.Errorf("when all have left, %d are asleep and woken", got)
	}
}
