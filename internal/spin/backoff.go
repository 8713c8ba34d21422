// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"runtime"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
)

// A Backoff paces a waiter that looks at a word again and again and does not sleep. At first it pauses. When
// that has taken some microseconds, or if it is not worthwhile, the Backoff yields: it lets other goroutines
// run after each look. It is not if a goroutine waits for the processor, which may be the one that the waiter waits
// for: with 8 goroutines, 1 µs inside and 1 µs outside, an MCSLock takes 0.7 times as long as with pauses then, and a
// TicketLock 0.7 times, and its longest wait is half as long. The zero Backoff is ready to use.
type Backoff struct {
	paused uint32
	yields bool
}

const (
	// backoffPauses is how many pauses a waiter makes before it yields: 3 to 12 microseconds.
	// BenchmarkSpinContended with two pinned threads and a microsecond inside takes 1.7 times as
	// long with 64, as the threads then sleep, and the same with 1024.
	backoffPauses = 256
	// backoffLongest is how many pauses Grow makes between two looks, at most. 8 and 128 make no
	// difference that could be measured on two processors.
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
	procs.RefreshAt(mono.Now()) // a spinning waiter never enters a queue, where this is done otherwise
	runtime.Gosched()
}

// Grow is Wait for about as long as all waits before, so that the time doubles.
func (b *Backoff) Grow() { b.Wait(min(b.paused+1, backoffLongest)) }

// Yield makes the Backoff yield from now on.
func (b *Backoff) Yield() { b.yields = true }

// Yields reports whether the Backoff yields.
func (b *Backoff) Yields() bool { return b.yields }
