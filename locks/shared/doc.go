// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package shared has locks that several processes share. They survive a process that is killed, wherever it
// was: the next owner gets the lock, and learns that its owner died.
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
// # Who owns a lock
//
// A process owns a lock, not a goroutine or a thread: any goroutine of the process may unlock it. Each process that
// uses a region keeps a thread, its keeper, whose id stands in the words of the locks that the process holds, and
// whose robust list names them to the kernel. When the process dies, however it dies, the kernel marks these words.
package shared
