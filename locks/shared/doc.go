// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package shared provides locks that several processes share. They are for goroutines, need no cgo, and survive the
// death of a process at any point: the next owner gets the lock, and an error that says that the previous owner died.
//
// Locks are in a [Region], memory that processes map from the same file:
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
//   - [Mutex] and [RWMutex], whose next owner gets an error after a death
//   - [Semaphore], which regains the permits of a process that died
//   - [Barrier], which breaks if a waiting process dies
//   - [Cond], [Event] and [Once], at which a death blocks no other process
//   - [Array], a file of mutexes that are allocated by number
//   - [PthreadMutex], which can be shared with C programs, and [PIMutex], which lends priority;
//     both only on Linux
//
// # Who owns a lock
//
// A process owns a lock, not a goroutine or a thread: any goroutine of the process may unlock it. On Linux, each
// process that uses a region keeps a thread, its keeper. The words of the locks that the process holds have the id of
// that thread, and its robust list names these words to the kernel. When the process dies, however it dies, the kernel
// marks the words and wakes a waiter. On macOS and Windows, the words have the number of the process in the region's
// table of processes, and waiters check whether that process is alive. The start time of a process distinguishes it
// from a later one with the same pid.
//
// # What a wait costs
//
// A waiting goroutine sleeps in Go's scheduler, except that up to four goroutines of a process sleep in the kernel,
// with a thread each. Beyond these, a few threads sleep for many locks at once: each for 127 locks on Linux, from 5.16
// on, and for 40 on Windows. On systems without such a call, such as macOS, they poll the words every few milliseconds.
//
// No wait in the kernel lasts for more than 100 ms; then the waiter checks the word again. So if a killed process
// leaves work undone, such as a wake that it has received and not passed on, others are delayed by at most that time.
//
// # Systems
//
// Linux, macOS from 10.15 on and Windows support regions. Elsewhere [Create], [Open] and their forms return
// [ErrUnsupported], and do nothing. The file format is the same for all programs on a system. The page docs/shared.md
// describes it, and the guarantees on each system.
package shared
