// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// systemOptions are what the locks of this system promise: readers and writers take turns.
var systemOptions = []locktest.Option{locktest.TakesTurns()}

// TestWriterBeforeNewReaders shows that a waiting writer stops new readers, and that its Unlock lets
// them in before the next writer.
func TestWriterBeforeNewReaders(t *testing.T) {
	const readers = 5
	var rw native.RWMutex
	g := locktest.NewCrew(t, locktest.Goroutines)
	var first, second, read atomic.Bool
	var met atomic.Int32
	rw.RLock()
	g.Start(func() {
		rw.Lock()
		if read.Load() {
			t.Error("a reader that came after the first writer overtook it")
		}
		first.Store(true)
		locktest.Eventually(t, "readers and a writer wait behind the first writer", func() bool { return rw.Waiting() == readers+1 })
		rw.Unlock()
	})
	locktest.Eventually(t, "a writer waits for a reader", rw.Wanted)
	for range readers {
		g.Start(func() {
			rw.RLock()
			read.Store(true)
			if !first.Load() || second.Load() {
				t.Error("a reader did not read between the writers")
			}
			met.Add(1)
			locktest.Eventually(t, "all readers are inside at once", func() bool { return met.Load() == readers })
			rw.RUnlock()
		})
	}
	g.Start(func() {
		locktest.Eventually(t, "the first writer has the lock", first.Load)
		rw.Lock()
		second.Store(true)
		rw.Unlock()
	})
	rw.RUnlock()
	g.Join()
	if !rw.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestReadersMayGiveUp lets some of the waiting readers give up before the writer lets the others
// in.
func TestReadersMayGiveUp(t *testing.T) {
	var rw native.RWMutex
	patient := locktest.NewCrew(t, locktest.Goroutines)
	impatient := locktest.NewCrew(t, locktest.Goroutines)
	rw.Lock()
	for range 4 {
		patient.Start(func() {
			rw.RLock()
			rw.RUnlock()
		})
		impatient.Start(func() {
			if rw.TryRLockFor(20 * time.Millisecond) {
				t.Error("a reader got the lock beside a writer")
			}
		})
	}
	impatient.Join()
	locktest.Eventually(t, "four readers wait", func() bool { return rw.Waiting() == 4 })
	rw.Unlock()
	patient.Join()
	if !rw.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestRWMutexStressLimits mixes waits with a limit and without, of readers and writers.
func TestRWMutexStressLimits(t *testing.T) {
	const threads, writer = 8, 1000 // what a writer inside counts; a reader counts 1
	var rw native.RWMutex
	g := locktest.NewCrew(t, locktest.Goroutines)
	var inside atomic.Int32
	each := locktest.Rounds(3000)
	for range threads {
		g.Start(func() {
			for range each {
				limit := time.Duration(rand.IntN(30_000))
				if rand.IntN(3) == 0 {
					if rand.IntN(2) == 0 {
						rw.Lock()
					} else if !rw.TryLockFor(limit) {
						continue
					}
					if n := inside.Add(writer); n != writer {
						t.Errorf("a writer is inside with %d readers and %d writers", n%writer, n/writer-1)
					}
					busy(time.Duration(rand.IntN(3000)))
					inside.Add(-writer)
					rw.Unlock()
					continue
				}
				if rand.IntN(2) == 0 {
					rw.RLock()
				} else if !rw.TryRLockFor(limit) {
					continue
				}
				if n := inside.Add(1); n >= writer {
					t.Errorf("a reader is inside with %d writers", n/writer)
				}
				busy(time.Duration(rand.IntN(3000)))
				inside.Add(-1)
				rw.RUnlock()
			}
		})
	}
	g.Join()
	if !rw.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestWriterLimitMeetsLastReader lets the limit of a writer pass after the last reader has made it
// hold the lock, and before that reader has set turn. The writer must not give up then.
func TestWriterLimitMeetsLastReader(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	for limit := 20 * time.Millisecond; ; limit *= 2 {
		var rw native.RWMutex
		var gaveUp, locked atomic.Bool
		rw.RLock()
		g.Start(func() {
			if rw.TryLockFor(limit) {
				locked.Store(true)
				rw.Unlock()
			} else {
				gaveUp.Store(true)
			}
		})
		locktest.Eventually(t, "a writer waits", func() bool { return rw.Wanted() || gaveUp.Load() })
		rest, inTime := rw.HandOver()
		if !inTime {
			t.Logf("the writer has given up after %v; trying a longer limit", limit)
			rw.RUnlock()
			g.Join()
			continue
		}
		runtime.UnlockOSThread() // HandOver does all else of RUnlock
		time.Sleep(2 * limit)    // let the limit pass
		if locked.Load() {
			t.Error("the writer has not waited for turn, which the reader will set for the next writer")
		}
		rest()
		g.Join()
		if gaveUp.Load() || !rw.Idle() {
			t.Errorf("the writer gave up: %v; the lock is idle: %v; want false and true", gaveUp.Load(), rw.Idle())
		}
		return
	}
}
