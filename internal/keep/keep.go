// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package keep decides which threads keep their processor (P) while they sleep.
//
// A thread that sleeps in a plain system call keeps its P until the scheduler's monitor takes
// it away, 20 µs to 10 ms later. That is good for the sleeper, which comes back cheaply, and
// bad for runnable goroutines, which lack a processor meanwhile. So a sleeper keeps its P only
// while others are left: while fewer than GOMAXPROCS-1 recent sleepers hold one. Else it
// hands the P on before it sleeps.
//
// It keeps it for 10 ms only, and then wakes up. That bounds the harm of a race in Go 1.26 and 1.27:
// reentersyscall checks whether the world is being stopped before it marks the goroutine as in a
// system call, and stopTheWorld looks for such goroutines once. If it looks in between, it misses the
// goroutine and waits for its thread, and the monitor, which would take the P, sleeps until the next
// timer, or for a minute. A thread that hands its P on cannot be missed.
package keep

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/procs"
)

// ForNs is how long a sleeper may keep its P, in nanoseconds. A sleeper that is older has lost its P
// to the monitor, and its place may be taken.
const ForNs = 10e6

// A Place stands for one P that a sleeper keeps. It holds the time when the sleeper fell asleep,
// or 0.
type Place struct {
	since atomic.Int64
	_     [cacheline.Size - 8]byte
}

// places has a Place for each P but one, and at most 16. The first GOMAXPROCS-1 are in use.
var places [16]Place

// looks is at how many places a sleeper looks for a free one. It begins at a place of its own, so that
// sleepers seldom meet in a cache line.
const looks = 4

// Claim returns the place of a sleeper that may keep its P, or nil. now is a monotonic time, by
// package mono, which is handed to [Place.Leave] after the sleep.
func Claim(now int64) *Place {
	procs.RefreshAt(now)
	n := min(procs.Count()-1, len(places))
	first := first()
	for i := range min(n, looks) {
		place := &places[(first+i)%n]
		since := place.since.Load()
		if since != 0 && now-since < ForNs { // less than 0 if that sleeper has looked at the clock later
			continue
		}
		if place.since.CompareAndSwap(since, now) {
			return place
		}
	}
	return nil
}

// first returns where the caller begins to look.
func first() int { return int(cacheline.OfCaller() >> 34) } // fits into an int of 32 bits

// Leave gives the place back, unless it grew old, and another sleeper has taken it.
func (p *Place) Leave(since int64) { p.since.CompareAndSwap(since, 0) }

// Taken returns how many places are taken, for tests.
func Taken() (n int) {
	for i := range places {
		if places[i].since.Load() != 0 {
			n++
		}
	}
	return n
}
