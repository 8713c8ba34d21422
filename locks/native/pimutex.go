// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// Errors of a [PIMutex].
var (
	// ErrOwnerDied means that the thread that held the lock ended without unlocking it. The caller
	// holds the lock now; what the lock protects may be half changed.
	ErrOwnerDied = errors.New("native: owner of the mutex died")

	// ErrDeadlock means that the call would wait forever for the calling thread itself. The call
	// has not locked the lock.
	ErrDeadlock = errors.New("native: lock would wait for its own thread")
)

// A PIMutex is a mutual exclusion lock with priority inheritance: while a thread waits for it, the
// thread that holds it runs with the priority of the waiter, if that is higher. So a thread of
// medium priority cannot keep the holder, and with it an urgent waiter, off the processor. Use it
// for threads whose priorities differ, and [Mutex] for all others.
//
// The zero value is an unlocked PIMutex. It must not be copied after first use. It has the size of
// a Mutex.
//
// A goroutine that locks it is locked to its thread, as by [runtime.LockOSThread], until Unlock.
// The goroutine and its thread own the PIMutex: Unlock by any other goroutine panics, and changes
// nothing. A waiting goroutine blocks its thread, in the kernel.
//
// The capabilities of a PIMutex depend on the system:
//
//	                       Linux               macOS              Windows
//	made of                PI futex            os_unfair_lock     SRWLOCK
//	priority inheritance   yes                 yes                no
//	next owner             highest priority    unspecified        unspecified
//	TryLockFor             yes                 ErrUnsupported     yes
//	locked twice           ErrDeadlock         ErrDeadlock        ErrDeadlock
//	circle of owners       ErrDeadlock         waits forever      waits forever
//	owner ended            ErrOwnerDied        ends the program   waits forever
//
// On Linux, threads of SCHED_FIFO, SCHED_RR and SCHED_DEADLINE are ordered by priority. All others,
// such as Go's threads by default, rank below them and are equal. Unlock hands the lock off to the
// waiter with the highest priority.
//
// Windows has no lock with priority inheritance. Its scheduler only lets any thread that has not
// run for seconds run now and then, whether the thread holds a lock or not. So on Windows a PIMutex
// is a Mutex that returns errors, and on the BSDs as well.
//
// ErrOwnerDied is returned only if the owner's thread has ended, because its goroutine ended while it
// was locked to the thread. The main thread does not end: Go keeps it, and a lock that it holds stays
// locked. Linux identifies the owner by its thread id. If no thread waits or tries before the system
// gives the id of the dead owner to a new thread of the program, other threads wait until the new
// thread has ended, too, or has itself called Lock, which returns ErrOwnerDied, and Unlock. The id
// does not give the new thread a right to the lock: its Unlock panics.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m; the end of an owner that died is not an unlock, and establishes no
// ordering. A call that does not get the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type PIMutex struct {
	_   noCopy
	raw rawPIMutex
}

// Lock locks m, and the calling goroutine to its thread. It blocks until m is available. If it
// returns nil or [ErrOwnerDied] the caller holds m. If it returns another error, nothing has
// changed. The error is [ErrDeadlock], or an [errors.ErrUnsupported] if the system or its kernel has
// no such lock.
func (m *PIMutex) Lock() error {
	_, err := m.acquire(func(r *rawPIMutex, me uint64) (bool, error) {
		return r.lock(me, time.Time{})
	})
	return err
}

// TryLock tries to lock m as Lock does, and reports whether it succeeded: true comes with nil or
// [ErrOwnerDied]. It does not block. If the calling thread already holds m, it returns false and
// nil.
func (m *PIMutex) TryLock() (bool, error) { return m.acquire((*rawPIMutex).tryLock) }

// TryLockFor is Lock for at most d. It returns false and nil if m could not be locked in that time.
// If d <= 0, it is equivalent to [PIMutex.TryLock]. On macOS, any other d is an
// [errors.ErrUnsupported], since a thread that waits with a limit could not lend its priority there.
func (m *PIMutex) TryLockFor(d time.Duration) (bool, error) {
	if d <= 0 {
		return m.TryLock()
	}
	limit := time.Now().Add(d)
	return m.acquire(func(r *rawPIMutex, me uint64) (bool, error) {
		return r.lock(me, limit)
	})
}

// Unlock unlocks m, and undoes the locking of the goroutine to its thread. It does not block. It
// panics, and changes nothing, if the calling thread does not hold m.
func (m *PIMutex) Unlock() {
	m.raw.owner.check(mutexUnlocked, mutexForeign)
	race.Release(unsafe.Pointer(m))
	race.Disable()
	m.raw.unlock()
	race.Enable()
	runtime.UnlockOSThread()
}

// acquire calls take with the number of the calling goroutine, which stays locked to its thread if
// take succeeds. This is the only edge that the race detector sees: it sees none in m.raw, which the
// kernel changes, too.
func (m *PIMutex) acquire(take func(r *rawPIMutex, me uint64) (bool, error)) (bool, error) {
	if err := supportedPI(); err != nil {
		return false, err
	}
	runtime.LockOSThread()
	me := self() // before the race detector is disabled: the first call starts goroutines
	race.Disable()
	locked, err := take(&m.raw, me)
	race.Enable()
	if !locked {
		runtime.UnlockOSThread()
		return false, err
	}
	race.Acquire(unsafe.Pointer(m))
	return true, err
}
