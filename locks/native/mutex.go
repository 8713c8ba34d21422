// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// A Mutex is a mutual exclusion lock that belongs to the thread that holds it. It is a
// [sync.Locker].
//
// The zero value is an unlocked Mutex. It must not be copied after first use. It is 16
// bytes long on Linux and the BSDs, and 24 on macOS and Windows.
//
// A goroutine that locks it is locked to its thread, as by [runtime.LockOSThread], until Unlock. The
// goroutine and its thread own the Mutex: Unlock by any other goroutine panics, and so does a Lock by
// the owner, which would wait for itself forever. Both panic before anything has changed, so the Mutex
// can still be used. A goroutine that ends while it holds a Mutex leaves it locked forever, and no
// other thread becomes the owner, even if the system reuses the id of the thread. On macOS, a thread
// that waits for such a Mutex ends the program.
//
// A waiter blocks its thread, in the kernel. The system chooses the next owner: Linux and FreeBSD wake waiters of
// one priority in FIFO order and allow barging, so a waiter can be overtaken any number of times. Windows, macOS
// and the other BSDs promise no order. On macOS, a thread that waits in Lock lends its priority to the thread
// that holds the Mutex; a thread that waits in TryLockFor does not.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A call that does not get the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex struct {
	_     noCopy
	raw   rawMutex
	owner owner
}

const (
	mutexTwice    = "native: lock of a mutex that this thread holds"
	mutexUnlocked = "native: unlock of unlocked mutex"
	mutexForeign  = "native: unlock of a mutex that another thread holds"
)

// Lock locks m, and the calling goroutine to its thread. It blocks until m is available. It panics
// if the thread already holds m.
func (m *Mutex) Lock() {
	lockThread()
	me := self()
	if !m.tryLock(me) {
		m.lockUntil(time.Time{}, me)
	}
}

// TryLock tries to lock m as Lock does, and reports whether it succeeded. It does not block.
// If the calling thread holds m it reports false.
func (m *Mutex) TryLock() bool {
	lockThread()
	return unlockThreadUnless(m.tryLock(self()))
}

// TryLockFor is Lock for at most d, and reports whether it succeeded. If not, it leaves no trace.
// If d <= 0, it is equivalent to [Mutex.TryLock]; otherwise it panics if the calling thread holds
// m.
func (m *Mutex) TryLockFor(d time.Duration) bool {
	lockThread()
	me := self()
	return unlockThreadUnless(m.tryLock(me) || d > 0 && m.lockUntil(time.Now().Add(d), me))
}

// Unlock unlocks m, and undoes the locking of the goroutine to its thread. It does not block. It
// panics, and changes nothing, if the calling thread does not hold m.
func (m *Mutex) Unlock() {
	m.owner.check(mutexUnlocked, mutexForeign)
	m.leave()
	m.raw.unlock()
	race.Enable()
	runtime.UnlockOSThread()
}

func (m *Mutex) tryLock(me uint64) bool {
	race.Disable()
	return m.enter(me, m.raw.tryLock())
}

// lockUntil locks m and reports true, or false after limit; the zero limit is never reached.
func (m *Mutex) lockUntil(limit time.Time, me uint64) bool {
	if m.owner.is(me) {
		runtime.UnlockOSThread()
		panic(mutexTwice)
	}
	race.Disable()
	return m.enter(me, m.raw.lock(limit))
}

// enter makes the goroutine me the owner if it has locked m.raw, and returns locked. This is the
// only edge that the race detector sees: it sees none in m.raw, whose words may be the kernel's.
func (m *Mutex) enter(me uint64, locked bool) bool {
	if locked {
		m.owner.set(me)
	}
	race.Enable()
	if locked {
		race.Acquire(unsafe.Pointer(m))
	}
	return locked
}

// leave clears the owner. The caller unlocks m.raw, and enables the race detector again.
func (m *Mutex) leave() {
	race.Release(unsafe.Pointer(m))
	race.Disable()
	m.owner.clear()
}
