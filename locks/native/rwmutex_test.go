// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package native_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

// TestWriterBeforeNewReaders checks who gets in: a waiting writer stops new readers, and its
// Unlock lets them in, before the next writer.
func TestWriterBeforeNewReaders(t *testing.T) {
	const readers = 5
	var rw native.RWMutex
	var g sync.WaitGroup
	var first, second, read atomic.Bool
	var met atomic.Int32
	rw.RLock()
	g.Go(func() {
		rw.Lock()
		if read.Load() {
			t.Error("a reader that came later was before the first writer")
		}
		first.Store(true)
		eventually(t, "readers and a writer behind the first one", func() bool { return rw.Waiting() == readers+1 })
		rw.Unlock()
	})
	eventually(t, "a writer that waits for a reader", rw.Wanted)
	for range readers {
		g.Go(func() {
			rw.RLock()
			read.Store(true)
			if !first.Load() || second.Load() {
				t.Error("a reader was not between the writers")
			}
			met.Add(1)
			eventually(t, "all readers inside at once", func() bool { return met.Load() == readers })
			rw.RUnlock()
		})
	}
	g.Go(func() {
		eventually(t, "the first writer", first.Load)
		rw.Lock()
		second.Store(true)
		rw.Unlock()
	})
	rw.RUnlock()
	finish(t, "readers and writers", &g)
	if !rw.Idle() {
		t.Error("something is left of them")
	}
}

// TestReadersMayGiveUp takes some of the readers that wait out again, before a writer lets the
// others in.
func TestReadersMayGiveUp(t *testing.T) {
	var rw native.RWMutex
	var patient, impatient sync.WaitGroup
	rw.Lock()
	for range 4 {
		patient.Go(func() {
			rw.RLock()
			rw.RUnlock()
		})
		impatient.Go(func() {
			if rw.TryRLockFor(20 * time.Millisecond) {
				t.Error("a reader got in beside a writer")
			}
		})
	}
	finish(t, "readers that give up", &impatient)
	eventually(t, "readers that do not", func() bool { return rw.Waiting() == 4 })
	rw.Unlock()
	finish(t, "readers after the writer", &patient)
	if !rw.Idle() {
		t.Error("something is left of those who gave up")
	}
}

// TestStressRWLimits lets limits meet everything else.
func TestStressRWLimits(t *testing.T) {
	const threads, writer = 8, 1000 // a writer inside counts so much, a reader 1
	var rw native.RWMutex
	var g sync.WaitGroup
	var inside atomic.Int32
	each := rounds(3000)
	for range threads {
		g.Go(func() {
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
	finish(t, "readers and writers with and without limits", &g)
	if !rw.Idle() {
		t.Error("something is left of them")
	}
}

// TestWriterLimitMeetsLastReader lets the time of a writer be up when the last reader has made
// it hold the lock, and has not yet said so. Then it is too late to give up.
func TestWriterLimitMeetsLastReader(t *testing.T) {
	for limit := 20 * time.Millisecond; ; limit *= 2 {
		var rw native.RWMutex
		var g sync.WaitGroup
		var gaveUp, locked atomic.Bool
		rw.RLock()
		g.Go(func() {
			if rw.TryLockFor(limit) {
				locked.Store(true)
				rw.Unlock()
			} else {
				gaveUp.Store(true)
			}
		})
		eventually(t, "a writer that waits", func() bool { return rw.Wanted() || gaveUp.Load() })
		say, inTime := rw.HandOver()
		if !inTime {
			t.Logf("the writer has given up after %v; once more with more time", limit)
			rw.RUnlock()
			g.Wait()
			continue
		}
		runtime.UnlockOSThread() // HandOver does all else of RUnlock
		time.Sleep(2 * limit)    // let its time pass
		if locked.Load() {
			t.Error("the writer has not waited for the last word of the reader, which will now meet the next writer")
		}
		say()
		finish(t, "a writer that holds the lock and may not know", &g)
		if gaveUp.Load() || !rw.Idle() {
			t.Errorf("the writer gave up: %v; nothing is left of it: %v", gaveUp.Load(), rw.Idle())
		}
		return
	}
}
