// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package shared has locks that several processes share. They are for goroutines, need no cgo, and survive a process that is
// killed, wherever it was: the next owner gets the lock, and learns that its owner died.
//
// Locks lie in a [Region], memory that processes map from the same file:
//
//	type state struct {
//		mu    shared.Mutex
//		count int64
//	}
//
//	r, err := shared.OpenOrCreate(path, shared.SizeFor[state]())
//	s, err := shared.Map[state](r)
//	switch err := s.mu.Lock(); {
//	case errors.Is(err, shared.ErrOwnerDied):
//		// The lock is held, and count may be half changed: repair it.
//		s.mu.Consistent()
//	case err != nil:
//		return err
//	}
//	s.count++
//	s.mu.Unlock()
//
// The types:
//
//   - [Mutex] and [RWMutex], whose next owner learns of a death
//   - [Semaphore], whose permits come back from a process that died
//   - [Barrier], which breaks if a process that waits dies
//   - [Cond], [Event] and [Once], at which a death holds up nobody
//   - [Array], a file of mutexes that are allocated by number
//   - [PthreadMutex], which C programs share, and [PIMutex], which lends priority; both on Linux
//
// # Who owns a lock
//
// A process owns a lock, not a goroutine or a thread: any goroutine of the process may unlock it. On Linux each process that
// uses a region keeps a thread, its keeper, whose id stands in the words of the locks that the process holds, and
// whose robust list names them to the kernel. When the process dies, however it dies, the kernel marks these words and wakes a
// waiter. On macOS and Windows a number stands in the words that the region's table of processes has; those that wait find that
// no process lives that has it. A process is told from another one with the same pid by the time at which it began.
//
// # What a wait costs
//
// A waiting goroutine sleeps in Go's scheduler. Up to four of a process sleep in the kernel instead, with a thread each. Beyond
// that a few threads sleep for many locks at once: on Linux for 127 each, from 5.16 on, on Windows for 40. Where the system has
// no such call, as macOS, they look at the words every few milliseconds.
//
// No wait in the kernel lasts for more than 100 ms: then the waiter looks again. So what a killed process leaves undone, such as
// a wake that it had got and not passed on, delays others by that time at most.
//
// # Systems
//
// Linux, macOS from 10.15 on and Windows have regions. Elsewhere [Create], [Open] and the like return [ErrUnsupported], and do
// nothing. The file format is the same for all programs on a system; the page docs/shared.md has it, and what is promised on
// which system.
package shared
