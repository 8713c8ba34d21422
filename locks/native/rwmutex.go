// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// An RWMutex is a reader/writer lock that belongs to the threads that hold it: any number of
// readers, or one writer.
//
// The zero value is an unlocked RWMutex. It must not be copied after first use. It is 32 bytes long
// on Linux, the BSDs and Windows (24 on 32-bit systems there), 40 on macOS. At most 134,217,727
// readers can hold it; locking it for one more panics, and changes nothing.
//
// A goroutine that takes it is locked to its thread, as by [runtime.LockOSThread], until the RUnlock
// or Unlock. The writer and its thread own it: Unlock by any other goroutine panics, and so does a
// Lock or RLock by the owner, which would wait for itself forever. RUnlock panics if there is no
// reader. All of them panic before anything has changed, so the RWMutex can still be used.
//
// Readers are counted, but not identified. So two mistakes are not detected: RUnlock by a thread
// that does not read while others do, and Lock by a reader, which blocks forever. A thread may lock
// for reading twice only if no writer can arrive in between, since the writer would wait for the
// first and block the second.
//
// On Linux, macOS and the BSDs a waiting writer blocks new readers, and an Unlock admits as many readers as
// wait, ahead of the next writer; a reader that arrives while they wake up can take the place of one of
// them. So neither side starves the other. A waiting writer can be overtaken by other writers any number of
// times, as with [Mutex]. A waiter blocks its thread.
//
// On Windows it is an SRWLOCK, which promises no order, and has a defect: under contention some
// versions of Windows admit a reader as if it were a writer, which Microsoft's documentation
// allows. Readers and writers never hold it together, but readers that wait for each other while
// they hold rw can hang. locks.RWMutex does not use SRWLOCK.
//
// In the terms of [the Go memory model], the n'th Unlock synchronizes before the return of the m'th
// Lock for every n < m, and for every RLock there is an n such that the n'th Unlock synchronizes
// before its return, and its RUnlock before the return of Lock number n+1. A call that does not get
// the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type RWMutex struct {
	_     noCopy
	raw   rawRWMutex
	owner owner // the writer
}

const (
	rwTwice     = "native: lock of an RWMutex that this thread holds for writing"
	rwUnlocked  = "native: Unlock of unlocked RWMutex"
	rwForeign   = "native: Unlock of an RWMutex that another thread holds"
	rwRUnlocked = "native: RUnlock of unlocked RWMutex"
	rwTooMany   = "native: too many readers of RWMutex"
)

// rwMaxReaders is less than what the count of any system's lock can hold, by more than the number of
// threads that a program can have, since readers that arrive at the same time may exceed it.
const rwMaxReaders = 1<<27 - 1

// RLock locks rw for reading, and the calling goroutine to its thread. It blocks while a writer
// holds rw or waits for it. It panics if the thread holds rw for writing.
func (rw *RWMutex) RLock() {
	lockThread()
	if !rw.tryRLock() {
		rw.rLockUntil(time.Time{})
	}
}

// TryRLock tries to lock rw as RLock does, and reports whether it succeeded. It does not block.
func (rw *RWMutex) TryRLock() bool {
	lockThread()
	return unlockThreadUnless(rw.tryRLock())
}

// TryRLockFor is RLock for at most d, and reports whether it succeeded. If not, it leaves no trace.
// If d <= 0, it is equivalent to [RWMutex.TryRLock]; otherwise it panics if the calling thread holds
// rw for writing.
func (rw *RWMutex) TryRLockFor(d time.Duration) bool {
	lockThread()
	return unlockThreadUnless(rw.tryRLock() || d > 0 && rw.rLockUntil(time.Now().Add(d)))
}

// RUnlock undoes one RLock. It does not block. It panics, and changes nothing, if rw is not locked
// for reading. It does not check that the calling thread is a reader.
func (rw *RWMutex) RUnlock() {
	mustSupport()
	race.ReleaseMerge(rw.readers())
	race.Disable()
	ok := rw.raw.rUnlock()
	race.Enable()
	if !ok {
		panic(rwRUnlocked)
	}
	runtime.UnlockOSThread()
}

// Lock locks rw for writing, and the calling goroutine to its thread. It blocks until rw is
// available. It panics if the thread already holds rw for writing.
func (rw *RWMutex) Lock() {
	lockThread()
	me := self()
	if !rw.tryLock(me) {
		rw.lockUntil(time.Time{}, me)
	}
}

// TryLock tries to lock rw as Lock does, and reports whether it succeeded. It does not block.
// If the calling thread holds rw it reports false.
func (rw *RWMutex) TryLock() bool {
	lockThread()
	return unlockThreadUnless(rw.tryLock(self()))
}

// TryLockFor is Lock for at most d, and reports whether it succeeded. If not, the readers that it
// blocked proceed. If d <= 0, it is equivalent to [RWMutex.TryLock]; otherwise it panics if the
// calling thread holds rw for writing.
func (rw *RWMutex) TryLockFor(d time.Duration) bool {
	lockThread()
	me := self()
	return unlockThreadUnless(rw.tryLock(me) || d > 0 && rw.lockUntil(time.Now().Add(d), me))
}

// Unlock undoes Lock. It does not block. It panics, and changes nothing, if the calling
// thread does not hold rw for writing.
func (rw *RWMutex) Unlock() {
	rw.owner.check(rwUnlocked, rwForeign)
	race.Release(rw.writers())
	race.Disable()
	rw.owner.clear()
	rw.raw.unlock()
	race.Enable()
	runtime.UnlockOSThread()
}

func (rw *RWMutex) tryRLock() bool {
	if rw.raw.reading() >= rwMaxReaders {
		runtime.UnlockOSThread()
		panic(rwTooMany)
	}
	race.Disable()
	return rw.enterReading(rw.raw.tryRLock())
}

func (rw *RWMutex) rLockUntil(limit time.Time) bool {
	rw.mustNotWrite(self())
	race.Disable()
	return rw.enterReading(rw.raw.rLock(limit))
}

func (rw *RWMutex) tryLock(me uint64) bool {
	race.Disable()
	return rw.enterWriting(me, rw.raw.tryLock())
}

func (rw *RWMutex) lockUntil(limit time.Time, me uint64) bool {
	rw.mustNotWrite(me)
	race.Disable()
	return rw.enterWriting(me, rw.raw.lock(limit))
}

// mustNotWrite panics if the goroutine me holds rw for writing, since it would wait for itself.
func (rw *RWMutex) mustNotWrite(me uint64) {
	if rw.owner.is(me) {
		runtime.UnlockOSThread()
		panic(rwTwice)
	}
}

// The race detector sees no edge in rw.raw, whose count would order the readers among themselves.
// It sees only these:
//
//	Unlock  -> RLock, Lock   at writers
//	RUnlock -> Lock          at readers
func (rw *RWMutex) writers() unsafe.Pointer { return unsafe.Pointer(&rw.raw) }
func (rw *RWMutex) readers() unsafe.Pointer { return unsafe.Pointer(&rw.owner) }

func (rw *RWMutex) enterReading(locked bool) bool {
	race.Enable()
	if locked {
		race.Acquire(rw.writers())
	}
	return locked
}

func (rw *RWMutex) enterWriting(me uint64, locked bool) bool {
	if locked {
		rw.owner.set(me)
	}
	race.Enable()
	if locked {
		race.Acquire(rw.writers())
		race.Acquire(rw.readers())
	}
	return locked
}
