// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
)

// What a lock's methods return.
var (
	// ErrOwnerDied means that the process that held the lock died. The caller holds the lock now, and what the lock
	// protects may be half changed. After repairing it call Consistent; an Unlock without that makes the
	// lock useless for all, with ErrNotRecoverable.
	ErrOwnerDied = errors.New("shared: the owner of the lock died while it held it; the lock is held now: repair the data and call Consistent")

	// ErrNotRecoverable means that an owner that got ErrOwnerDied unlocked without a call of Consistent. The
	// caller does not hold the lock.
	ErrNotRecoverable = errors.New("shared: the lock is not recoverable: its data was left unrepaired after an owner had died")

	// ErrClosed means that the region has been closed in this process.
	ErrClosed = errors.New("shared: the region is closed")

	// ErrInUse means that the process holds locks of the region, or that a process holds the lock in question.
	ErrInUse = errors.New("shared: in use")

	// ErrFull means that no entry of an array is free.
	ErrFull = errors.New("shared: no entry of the array is free")

	// ErrNotAllocated means that an entry of an array is free or does not exist.
	ErrNotAllocated = errors.New("shared: not allocated")

	// ErrKind means that a [PthreadMutex] is no robust process-shared mutex: its Init was not called, or C has made another kind of
	// it.
	ErrKind = errors.New("shared: no robust process-shared mutex")

	// ErrNamespace means that a process of another pid namespace has the region of a [PIMutex] open, where numbers mean other
	// threads.
	ErrNamespace = errors.New("shared: processes of different pid namespaces cannot wait for each other's threads")

	// ErrDeadlock means that Lock of a [PIMutex] would wait for its own thread, or for one that waits for it.
	ErrDeadlock = errors.New("shared: lock would wait for its own thread")

	// ErrTruncated means that the region's file has become shorter than the region.
	ErrTruncated = errors.New("shared: the region's file is shorter than the region")
)

// What Create, Open, OpenOrCreate and Map return, in a [RegionError].
var (
	// ErrForeign means that the file is no region.
	ErrForeign = errors.New("not a region of osync")

	// ErrIncomplete means that the process that made the region has died before that was complete. OpenOrCreate goes on in its
	// place.
	ErrIncomplete = errors.New("the region is not complete, and no process makes it: use OpenOrCreate")

	// ErrVersion means that another version of this package, or another kind of machine, has made the region.
	ErrVersion = errors.New("a region of another version or machine")

	// ErrSize means that the region is of another size than it was asked for, or that a size is not possible.
	ErrSize = errors.New("wrong size")

	// ErrType means that values of the type given to Map cannot lie in memory that processes share.
	ErrType = errors.New("not a type for shared memory")

	// ErrLayout means that the region holds data of another type.
	ErrLayout = errors.New("the region holds data of another type: programs that share a region must place the same fields in it")

	// ErrTooMany means that too many processes have the region open.
	ErrTooMany = errors.New("too many processes have the region open")

	// ErrUnsupported means that the system lacks what the package needs. It is an [errors.ErrUnsupported].
	ErrUnsupported = fmt.Errorf("no locks between processes on this system: %w", errors.ErrUnsupported)
)

// A RegionError says what could not be done to which region, and why.
type RegionError struct {
	Op   string // such as "open"
	Name string // of the file
	Err  error
}

// Error returns what could not be done, to which region, and why.
func (e *RegionError) Error() string { return "shared: " + e.Op + " " + e.Name + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *RegionError) Unwrap() error { return e.Err }

// What [Semaphore] and [Barrier] return beside.
var (
	// ErrInitialized means that Init was called with another number, perhaps by another process.
	ErrInitialized = errors.New("shared: initialized with another number")

	// ErrUninitialized means that no process has called Init yet.
	ErrUninitialized = errors.New("shared: Init was not called")

	// ErrTooLarge means that a Semaphore has fewer permits than were asked for.
	ErrTooLarge = errors.New("shared: more permits than the semaphore has")

	// ErrTooManyParties means that goroutines of too many processes wait at a Barrier.
	ErrTooManyParties = errors.New("shared: parties of too many processes wait at the barrier")

	// ErrBroken means that a party of a Barrier has given up or died, or Reset was called, so that the round cannot be completed.
	ErrBroken = errors.New("shared: barrier is broken")
)
