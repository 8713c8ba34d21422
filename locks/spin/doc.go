// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package spin has locks whose waiters never sleep: a waiter looks at the lock again and again, with pauses
// between its looks.
//
// Use package sync or package locks instead, unless you have measured. Spin locks are dangerous in Go: the
// scheduler may stop a goroutine at any instruction, also while it holds the lock, for as long as a garbage
// collection takes, or for ten milliseconds of another goroutine. All waiters burn a processor
// meanwhile, which may be the one that the holder needs. A Mutex of package locks spins, too, for as
// long as that pays, and then sleeps.
//
// A spin lock is right if all of this holds:
//
//   - Its users are goroutines locked to their threads, and no more of them than processors.
//   - They hold the lock for a few dozen nanoseconds, and call nothing meanwhile that may block or allocate.
//   - The lock must never put them to sleep. Threads of real-time audio are an example.
//
// Then choose by the order of service:
//
//	lock        order         when it is right
//	Lock        any           the first choice; the only one whose waiters can give up
//	TicketLock  FIFO          the threads need equal shares
//	MCSLock     FIFO          the same, on many processors: each waiter looks at a word of its own
//
// After some microseconds of pauses a waiter assumes that the holder is not running, and calls
// [runtime.Gosched] after each look. With one processor, or if a goroutine waits for the processor of the
// waiter, it does so from the start. In a bubble of testing/synctest a waiter counts as running: the bubble's
// time stands still, and no limit is reached.
package spin
