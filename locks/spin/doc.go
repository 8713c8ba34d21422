// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package spin provides locks whose waiters never sleep: a waiter examines the lock repeatedly, with pauses
// in between.
//
// Use package sync or package locks instead, unless you have measured. Spin locks are dangerous in Go: the
// scheduler can preempt a goroutine at any instruction, even while it holds the lock, for as long as a
// garbage collection takes, or for the ten milliseconds of another goroutine's time slice. Meanwhile every
// waiter occupies a processor, which may be the one that the holder needs. A Mutex of package locks spins,
// too, for as long as that pays, and then sleeps.
//
// A spin lock is appropriate only if all of these hold:
//
//   - Its users are goroutines locked to their threads, and no more of them than processors.
//   - They hold the lock for a few dozen nanoseconds, and call nothing meanwhile that may block or allocate.
//   - The lock must never put them to sleep. Threads of real-time audio are an example.
//
// If so, choose by the order of service:
//
//	lock        order         when to use it
//	Lock        any           the first choice; the only one whose waiters can give up
//	TicketLock  FIFO          the threads need equal shares
//	MCSLock     FIFO          they need equal shares on many processors: each waiter spins on its own word
//
// After some microseconds of pauses a waiter assumes that the holder is not running, and calls
// [runtime.Gosched] after each look at the lock. With one processor, or if a goroutine waits for the
// processor of the waiter, it does so from the start. In a bubble of testing/synctest a waiter counts as
// running: the bubble's time stands still, and no limit is reached.
package spin
