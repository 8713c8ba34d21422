// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/internal/keep"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/native"
)

// TestPIMutexHandsOn lets an owner need the only processor to get to its Unlock. If the waiter slept
// with that processor, it would keep it until the scheduler's monitor takes it: a hand-over would take
// 30 to 45 times as long as with a Mutex, whose waiter hands the processor on. It takes up to 8 times as
// long if the kernel wakes the owner on a processor that was idle.
func TestPIMutexHandsOn(t *testing.T) {
	needPI(t)
	if !handon.Works {
		t.Skip("built without a way to hand the processor on")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	procs.Refresh()
	defer procs.Refresh()
	lock := func(m *native.PIMutex) { lockPI(t, m) }
	lockFor := func(m *native.PIMutex) {
		if ok, err := m.TryLockFor(time.Hour); !ok {
			t.Errorf("TryLockFor = false, %v", err)
		}
	}
	for name, wait := range map[string]func(m *native.PIMutex){"Lock": lock, "TryLockFor": lockFor} {
		t.Run(name, func(t *testing.T) {
			pi, mutex := new(native.PIMutex), new(native.Mutex)
			took, plain := time.Hour, time.Hour // the shortest, as the machine may be busy
			for range 50 {
				took = min(took, handOver(func() { lockPI(t, pi) }, func() { wait(pi) }, pi.Unlock))
				plain = min(plain, handOver(mutex.Lock, mutex.Lock, mutex.Unlock))
				if took <= 18*plain {
					return
				}
			}
			t.Errorf("a hand-over takes %v, and %v with a Mutex", took, plain)
		})
	}
}

// handOver returns the median time in which an owner that waits for its processor hands a lock to a
// thread that waits for the lock.
func handOver(lock, wait, unlock func()) time.Duration {
	var took []time.Duration
	for range 101 {
		held, goOn := make(chan struct{}), make(chan struct{})
		var g sync.WaitGroup
		g.Go(func() {
			lock()
			close(held)
			<-goOn
			unlock()
		})
		<-held
		g.Go(func() {
			begin := time.Now()
			close(goOn)
			wait()
			took = append(took, time.Since(begin))
			unlock()
		})
		g.Wait()
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// TestPIMutexDeadlineBesideOthers shows that a wait with a near deadline returns in time, and does not
// queue for a processor behind all runnable goroutines. The scheduler's monitor may take the processor
// from some waits, but not from all of them.
func TestPIMutexDeadlineBesideOthers(t *testing.T) {
	needPI(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	defer procs.Refresh()
	m := new(native.PIMutex)
	lockPI(t, m)
	var over atomic.Bool
	var g sync.WaitGroup
	for range 20 {
		g.Go(func() {
			for !over.Load() {
			}
		})
	}
	const d, prompt = time.Millisecond, 10 * time.Millisecond // a busy goroutine runs for 10 ms at a time
	least := time.Hour
	apart(func() {
		for tries := 0; tries < 20 && least >= prompt; tries++ {
			begin := time.Now()
			if ok, err := m.TryLockFor(d); ok || err != nil {
				t.Errorf("TryLockFor = %t, %v", ok, err)
			}
			least = min(least, time.Since(begin)-d)
		}
	})
	if least >= prompt {
		t.Errorf("each of 20 waits of %v returned late, by %v at least", d, least)
	}
	over.Store(true)
	g.Wait()
	m.Unlock()
}

// TestPIMutexKeepsBriefly shows that a wait with a distant deadline keeps no processor, and that one
// with a near deadline has given it back at its end.
func TestPIMutexKeepsBriefly(t *testing.T) {
	needPI(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	defer procs.Refresh()
	m := new(native.PIMutex)
	lockPI(t, m)
	apart(func() {
		for range 3 {
			if ok, err := m.TryLockFor(time.Millisecond); ok || err != nil {
				t.Errorf("TryLockFor = %t, %v", ok, err)
			}
			if keep.Taken() != 0 {
				t.Error("after a wait in vain the thread still counts as keeping its processor")
			}
		}
	})
	m.Unlock()

	far := new(native.PIMutex)
	lockPI(t, far)
	var g sync.WaitGroup
	g.Go(func() {
		if ok, err := far.TryLockFor(time.Hour); !ok {
			t.Errorf("TryLockFor = false, %v", err)
			return
		}
		far.Unlock()
	})
	locktest.Eventually(t, "a thread waits", far.Waited)
	if keep.Taken() != 0 {
		t.Error("a thread that waits for an hour counts as keeping its processor")
	}
	far.Unlock()
	g.Wait()
}
