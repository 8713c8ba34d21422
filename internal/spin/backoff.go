// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"runtime"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
)

// A Backoff paces a waiter that repeatedly checks a word and does not sleep. At first it pauses. After a few
// microseconds, or if pausing is not worthwhile, the Backoff yields: it lets other goroutines run after each check.
// Pausing is not worthwhile if a goroutine waits for the processor, since that may be the one that the waiter waits
// for: with 8 goroutines, 1 µs inside and 1 µs outside, an MCSLock takes 0.7 times as long as with pauses then, and a
// TicketLock 0.7 times, and its longest wait is half as long. The zero Backoff is ready to use.
type Backoff struct {
	paused uint32
	yields bool
}

const (
	// backoffPauses is the number of pauses that a waiter makes before it yields: 3 to 12 microseconds.
	// BenchmarkSpinContended with two pinned threads and a microsecond inside takes 1.7 times as long with 64, as the
	// threads then sleep, and the same with 1024.
	backoffPauses = 256
	// backoffLongest is the maximum number of pauses that Grow makes between two checks. 8 and 128 make no measurable
	// difference on two processors.
	backoffLongest = 32
)

// Wait lets some time pass: n pauses, or a turn of other goroutines.
func (b *Backoff) Wait(n uint32) {
	if !b.yields {
		if Worthwhile() && b.paused < backoffPauses && !Crowded() {
			Pause(n)
			b.paused += n
			return
		}
		b.yields = true
	}
	procs.RefreshAt(mono.Now()) // waiters that queue do this elsewhere, but a spinning waiter never queues
	runtime.Gosched()
}

// Grow is Wait for about as long as all waits before, so that the time doubles.
func (b *Backoff) Grow() { b.Wait(min(b.paused+1, backoffLongest)) }

// Yield makes the Backoff yield from now on.
func (b *Backoff) Yield() { b.yields = true }

// Yields reports whether the Backoff yields.
func (b *Backoff) Yields() bool { return b.yields }
