// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package foreign measures locks that are written in other languages: it builds small programs
// in C, C++ and Rust with the compilers of the machine, and asks them for one round at a time.
//
// A program is a child process that reads a [Spec] as a line from its standard input, does that
// round, and writes a [Result] as a line to its standard output. Between the rounds it blocks in
// its read and takes no processor time.
package foreign

// The kinds of work.
const (
	Uncontended = "uncontended" // one worker locks and unlocks
	Mutex       = "mutex"       // workers share a mutex
	RWLock      = "rwlock"      // workers share a readers-writer lock
	PingPong    = "pingpong"    // two workers pass a turn through a condition variable, and signal it unlocked
	Broadcast   = "broadcast"   // one worker wakes all others, and waits until they have come back
	Semaphore   = "semaphore"   // two workers pass a turn through two semaphores
)

// A Spec says what to do in a round.
type Spec struct {
	Kind    string // one of the constants
	Workers int    // threads; with Broadcast the waiting ones, without the one that wakes them

	// With RWLock, Reads of 100 operations only read: the operation k of worker w does if
	// (61*w + 37*k) mod 100 < Reads, counting from 0.
	Reads int

	// The work in the critical section and after it, in iterations of
	//
	//	x = x*6364136223846793005 + 1442695040888963407
	//
	// on 64 bits, each of which needs the result of the one before. x starts as the worker's
	// number, and inside it is memory that the lock protects, loaded and stored once.
	InsideIters  uint64
	OutsideIters uint64

	// Latency asks for the waits. They take two readings of the clock for each operation,
	// which cost as much as an uncontended lock: so a round is for the time or for the waits.
	Latency bool

	Nanos int64 // how long the round lasts, in nanoseconds
}

// A Result is what a round has brought.
type Result struct {
	Ops      uint64   // operations of all workers; a turn passed there and back is two, a broadcast one
	Nanos    uint64   // from the moment when the workers were let go until the last one ended; with Broadcast the sum of the waits
	CPUNanos uint64   // processor time of the process in this round; 0 if it is not known
	Shares   []uint64 // operations of each worker; nil where they depend on each other

	// The waits in Lock (and RLock) in nanoseconds, if the Spec has Latency, else 0: half of
	// the waits took P50 or less. With PingPong and Semaphore a wait is a turn's way there and back,
	// with Broadcast it goes from the wake-up until the last waiter holds the mutex again.
	P50, P99, P999, Max uint64
}
