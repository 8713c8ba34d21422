// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package keep decides which threads keep their processor (P) while they sleep.
//
// A thread that sleeps in a plain system call keeps its P until the scheduler's monitor takes
// it away, 20 µs to 10 ms later. That is good for the sleeper, which resumes cheaply, and bad for
// runnable goroutines, which lack a processor meanwhile. So a sleeper keeps its P only while other
// Ps are left: while fewer than GOMAXPROCS-1 recent sleepers hold one. Otherwise it hands off the P
// before it sleeps.
//
// It keeps its P for only 10 ms, and then wakes up. That bounds the harm of a race in Go 1.26 and
// 1.27: reentersyscall checks whether the world is being stopped before it marks the goroutine as in
// a system call, and stopTheWorld looks for such goroutines once. If stopTheWorld looks in between,
// it misses the goroutine and waits for its thread, and the monitor, which would take the P, sleeps
// until the next timer, or for a minute. A thread that hands off its P cannot be missed.
package keep

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/procs"
)

// ForNs is how long a sleeper may keep its P, in nanoseconds. A sleeper that has slept longer has
// lost its P to the monitor, and another sleeper may take its place.
const ForNs = 10e6

// A Place represents one P that a sleeper keeps. It holds the time when the sleeper fell asleep, or
// 0.
type Place struct {
	since atomic.Int64
	_     [cacheline.Size - 8]byte
}

// places has a Place for each P but one, and at most 16. The first GOMAXPROCS-1 are in use.
var places [16]Place

// looks is the number of places that a sleeper checks for a free one. Each sleeper begins at a
// different place, so that sleepers seldom share a cache line.
const looks = 4

// Claim returns a place for a sleeper that may keep its P, or nil. now is a monotonic time of
// package mono, which must be passed to [Place.Leave] after the sleep.
func Claim(now int64) *Place {
	procs.RefreshAt(now)
	n := min(procs.Count()-1, len(places))
	first := first()
	for i := range min(n, looks) {
		place := &places[(first+i)%n]
		since := place.since.Load()
		if since != 0 && now-since < ForNs { // less than 0 if that sleeper read the clock later
			continue
		}
		if place.since.CompareAndSwap(since, now) {
			return place
		}
	}
	return nil
}

// first returns the index of the first place that the caller checks.
func first() int { return int(cacheline.OfCaller() >> 34) } // fits into an int of 32 bits

// Leave releases the place, unless it expired and another sleeper has taken it.
func (p *Place) Leave(since int64) { p.since.CompareAndSwap(since, 0) }

// Taken returns the number of places that are taken, for tests.
func Taken() (n int) {
	for i := range places {
		if places[i].since.Load() != 0 {
			n++
		}
	}
	return n
}
