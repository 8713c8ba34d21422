// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
)

// Errors of the methods of locks.
var (
	// ErrOwnerDied means that the process that held the lock died. The caller holds the lock now, and what the lock
	// protects may be half changed. Repair it, then call Consistent; an Unlock without that call makes the lock
	// unusable for all processes, with ErrNotRecoverable.
	ErrOwnerDied = errors.New("shared: the owner of the lock died while it held it; the lock is held now: repair the data and call Consistent")

	// ErrNotRecoverable means that an owner that got ErrOwnerDied unlocked the lock without a call of
	// Consistent. The caller does not hold the lock.
	ErrNotRecoverable = errors.New("shared: the lock is not recoverable: an owner died, and its data was not repaired")

	// ErrClosed means that the region has been closed in this process.
	ErrClosed = errors.New("shared: the region is closed")

	// ErrInUse means that the process holds locks of the region, or that a process holds or has allocated the
	// lock in question.
	ErrInUse = errors.New("shared: in use")

	// ErrFull means that no entry of an array is free.
	ErrFull = errors.New("shared: no entry of the array is free")

	// ErrNotAllocated means that an entry of an array is free or does not exist.
	ErrNotAllocated = errors.New("shared: not allocated")

	// ErrKind means that a [PthreadMutex] is not a robust process-shared mutex: its Init was not called, or C code has
	// made it another kind of mutex.
	ErrKind = errors.New("shared: not a robust process-shared mutex")

	// ErrNamespace means that a process of another pid namespace has the region of a [PIMutex] open. Thread ids of one
	// namespace mean other threads in the other.
	ErrNamespace = errors.New("shared: processes of different pid namespaces cannot wait for each other's threads")

	// ErrDeadlock means that Lock of a [PIMutex] would wait for its own thread, or for a thread that waits
	// for it.
	ErrDeadlock = errors.New("shared: lock would wait for its own thread")

	// ErrTruncated means that the region's file has become shorter than the region.
	ErrTruncated = errors.New("shared: the region's file is shorter than the region")
)

// Errors of Create, Open, OpenOrCreate and Map, wrapped in a [RegionError].
var (
	// ErrForeign means that the file is not a region.
	ErrForeign = errors.New("not a region of osync")

	// ErrIncomplete means that the process that made the region died before it had completed the region. OpenOrCreate
	// completes it.
	ErrIncomplete = errors.New("the region is not complete, and no process makes it: use OpenOrCreate")

	// ErrVersion means that the region was made by another version of this package, or on another kind of
	// machine.
	ErrVersion = errors.New("a region of another version or machine")

	// ErrSize means that the region does not have the requested size, or that a size is not possible.
	ErrSize = errors.New("wrong size")

	// ErrType means that values of the type given to Map cannot be in memory that processes share.
	ErrType = errors.New("not a type for shared memory")

	// ErrLayout means that the region holds data of another type.
	ErrLayout = errors.New("the region holds data of another type: programs that share a region must place the same fields in it")

	// ErrTooMany means that too many processes have the region open.
	ErrTooMany = errors.New("too many processes have the region open")

	// ErrUnsupported means that the system lacks a facility that the package needs. It is an
	// [errors.ErrUnsupported].
	ErrUnsupported = fmt.Errorf("no locks between processes on this system: %w", errors.ErrUnsupported)
)

// A RegionError describes a failed operation on a region.
type RegionError struct {
	Op   string // such as "open"
	Name string // of the file
	Err  error
}

// Error returns a message with the operation, the name of the file, and the reason.
func (e *RegionError) Error() string { return "shared: " + e.Op + " " + e.Name + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *RegionError) Unwrap() error { return e.Err }

// Further errors of [Semaphore] and [Barrier].
var (
	// ErrInitialized means that Init was called before with a different number, perhaps by another
	// process.
	ErrInitialized = errors.New("shared: initialized with another number")

	// ErrUninitialized means that no process has called Init yet.
	ErrUninitialized = errors.New("shared: Init was not called")

	// ErrTooLarge means that a Semaphore has fewer permits than were requested.
	ErrTooLarge = errors.New("shared: more permits than the semaphore has")

	// ErrTooManyParties means that goroutines of too many processes wait at a Barrier.
	ErrTooManyParties = errors.New("shared: parties of too many processes wait at the barrier")

	// ErrBroken means that a party of a Barrier gave up or died, or that Reset was called, so that the round cannot be
	// completed.
	ErrBroken = errors.New("shared: barrier is broken")
)
