// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/internal/keep"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A rawPIMutex is the kernel's lock with priority inheritance; see "Lightweight PI-futexes" in the
// kernel's documentation. The kernel keeps its address while a thread waits, so it must not be on a
// goroutine's stack, which moves. It is not, since the waiter and the owner are two goroutines, and
// memory that two goroutines share is on the heap.
type rawPIMutex struct {
	word  atomic.Uint32 // see the table below
	owner piOwner
}

// The word of a rawPIMutex.
//
//	value                     lock   who leaves this state, and how
//	0                         free   anyone: CAS to its thread id
//	tid                       held   the owner: CAS to 0; a waiter: FutexLockPI adds FUTEX_WAITERS
//	tid, FUTEX_WAITERS        held   the owner: FutexUnlockPI, also if all waiters have given up
//	the same, FUTEX_OWNER_DIED held  the same; the previous owner did not unlock
//	tid of a dead thread      held   a thread that tries: CAS to its own tid
//	the same, FUTEX_WAITERS   held   the kernel, if a thread waits; else a thread that tries, as above
//
// Invariants
//  1. Only the kernel changes a word with FUTEX_WAITERS, unless it has no owner and no waiter.
//  2. The owner's number in m.owner and its id in the word change in this order: a lock writes the
//     word, then the number; an unlock clears the number, then the word.
//  3. The system reuses a dead thread's id; the owner's number is never reused. So a thread that
//     finds the owner dead first claims m.owner, by the number that it has read before. While
//     m.owner is claimed no other thread changes it, so none unlocks or takes over, and the word is
//     still the dead owner's if it still has the value that was seen.

// A piOwner is an owner with the mark claimed. A thread that has found the owner dead and is about
// to take over sets the mark, which delays other threads for a few instructions.
type piOwner struct{ owner }

// set makes me the owner. The calling thread holds the lock.
func (o *piOwner) set(me uint64) {
	for from := o.get(); !o.id.CompareAndSwap(from, me); {
		rest()
	}
}

// rest lets other threads run, whatever the priority of the calling thread. It sleeps on a word that
// is never woken, since nanosleep is missing on kernels without 32-bit times.
func rest() {
	pause := linux.Timespec{Nsec: int64(50 * time.Microsecond)}
	_ = linux.FutexWait(&unused, 0, &pause, linux.FUTEX_PRIVATE_FLAG)
}

// unused is a word that stays 0, and is never woken.
var unused atomic.Uint32

// tryLock locks m for the goroutine me if it is free, or its owner has died and no thread waits.
func (m *rawPIMutex) tryLock(me uint64) (bool, error) {
	return m.tryLockBy(uint32(linux.Gettid()), me)
}

// tryLockBy is tryLock for the goroutine me on the given thread.
func (m *rawPIMutex) tryLockBy(thread uint32, me uint64) (bool, error) {
	if m.word.CompareAndSwap(0, thread) { // acquire
		m.owner.set(me)
		return true, nil
	}
	owner, seen := m.owner.id.Load(), m.word.Load()
	tid := seen & linux.FUTEX_TID_MASK
	switch {
	case owner == 0, owner&claimed != 0, owner == me:
		return false, nil // a lock or unlock is under way, or the caller holds m
	case tid == thread:
		return m.takeOver(owner, seen, seen, me) // the owner is dead: this thread has got its id
	case !threadEnded(tid):
		return false, nil
	}
	if seen&linux.FUTEX_WAITERS != 0 {
		// If a thread waits, the kernel is about to make it the owner.
		switch err := linux.FutexTrylockPI(&m.word, linux.FUTEX_PRIVATE_FLAG); err {
		case nil:
			m.owner.set(me)
			return true, m.ownerDied()
		case syscall.ESRCH, syscall.EPERM: // no thread waits; by invariant 3 that holds for seen
		default:
			return false, nil
		}
	}
	return m.takeOver(owner, seen, thread, me)
}

// takeOver locks m for the goroutine me, if the dead owner still holds it and the word is still seen,
// by changing the word to locked. It returns ErrOwnerDied with true.
func (m *rawPIMutex) takeOver(owner uint64, seen, locked uint32, me uint64) (bool, error) {
	if !m.owner.id.CompareAndSwap(owner, owner|claimed) { // by invariant 3
		return false, nil
	}
	if !m.word.CompareAndSwap(seen, locked) {
		m.owner.id.Store(owner)
		return false, nil
	}
	m.owner.id.Store(me)
	return true, ErrOwnerDied
}

// lock locks m for the goroutine me, or returns false after limit. The zero limit is never reached.
func (m *rawPIMutex) lock(me uint64, limit time.Time) (bool, error) {
	if m.owner.is(me) {
		return false, ErrDeadlock
	}
	thread := uint32(linux.Gettid())
	var deadline int64
	if !limit.IsZero() {
		var err error
		if deadline, err = after(unix.CLOCK_MONOTONIC, int64(time.Until(limit))); err != nil {
			return false, failure(err)
		}
	}
	for {
		if locked, err := m.tryLockBy(thread, me); locked || err != nil {
			return locked, err
		}
		err := m.wait(deadline)
		if err == syscall.EDEADLK && m.word.Load()&linux.FUTEX_TID_MASK == thread {
			err = syscall.EAGAIN // another thread is taking over from a dead one that had this thread's id
		}
		switch err {
		case nil:
			m.owner.set(me)
			return true, m.ownerDied()
		case syscall.EDEADLK:
			return false, ErrDeadlock
		case syscall.ESRCH, syscall.EPERM, syscall.EAGAIN, syscall.EINVAL:
			// The owner is dead, or about to be. EINVAL: a waiter is the next owner, and has not
			// stored that yet.
			rest()
		case syscall.ETIMEDOUT: // perhaps because the clock was set
		default:
			return false, failure(err)
		}
		if deadline != 0 {
			if now, err := clock(unix.CLOCK_MONOTONIC); err != nil || now >= deadline {
				return false, failure(err)
			}
		}
	}
}

// failure adds the failed operation to err. It returns nil for nil.
func failure(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("native: lock with priority inheritance: %w", err)
}

// wait waits in the kernel until the calling thread owns m, or until deadline: nanoseconds of
// CLOCK_MONOTONIC, or 0 for none.
//
// It first hands its processor (P) on, since the owner may need one to reach its Unlock. If the
// deadline is near, the thread may keep its P; see package keep. Otherwise it would queue behind
// all runnable goroutines before it could report the deadline. Without a deadline it does not begin
// with a short sleep, as Mutex does, since a thread that restarts its wait loses its place among
// waiters of equal priority.
func (m *rawPIMutex) wait(deadline int64) error {
	if deadline == 0 {
		return linux.FutexLockPIHandingOn(&m.word, nil, linux.FUTEX_PRIVATE_FLAG)
	}
	now, err := clock(unix.CLOCK_MONOTONIC)
	if err != nil {
		return err
	}
	lockPI2, lockPI := linux.FutexLockPI2HandingOn, linux.FutexLockPIHandingOn
	if deadline-now <= keep.ForNs {
		t := mono.Now()
		if place := keep.Claim(t); place != nil {
			defer place.Leave(t)
			lockPI2, lockPI = linux.FutexLockPI2, linux.FutexLockPI
		}
	}
	at := timespec(deadline)
	err = lockPI2(&m.word, &at, linux.FUTEX_PRIVATE_FLAG)
	if err == syscall.ENOSYS { // before Linux 5.14, which has only the wall clock
		return m.waitByWall(deadline-now, lockPI)
	}
	return err
}

// waitByWall is wait for d by the wall clock: it ends too early or too late if that clock is set
// meanwhile.
func (m *rawPIMutex) waitByWall(d int64, lockPI func(*atomic.Uint32, *linux.Timespec, uint32) error) error {
	end, err := after(unix.CLOCK_REALTIME, d)
	if err != nil {
		return err
	}
	at := timespec(end)
	return lockPI(&m.word, &at, linux.FUTEX_PRIVATE_FLAG)
}

// ownerDied returns ErrOwnerDied if the kernel has passed m to the calling thread from a thread
// that died. The next unlock clears the mark.
func (m *rawPIMutex) ownerDied() error {
	if m.word.Load()&linux.FUTEX_OWNER_DIED != 0 {
		return ErrOwnerDied
	}
	return nil
}

// unlock unlocks m, which the calling goroutine must own.
func (m *rawPIMutex) unlock() {
	thread := m.word.Load() & linux.FUTEX_TID_MASK
	m.owner.set(0)
	if m.word.CompareAndSwap(thread, 0) { // release
		return
	}
	for {
		switch err := linux.FutexUnlockPI(&m.word, linux.FUTEX_PRIVATE_FLAG); err {
		case nil:
			return
		case syscall.EAGAIN: // the word has changed meanwhile
		default:
			panic(fmt.Errorf("native: unlock with priority inheritance: %w", err))
		}
	}
}

// threadEnded reports whether no thread of this process has the id tid.
func threadEnded(tid uint32) bool {
	return tid != 0 && syscall.Tgkill(syscall.Getpid(), int(tid), 0) == syscall.ESRCH
}

// clock returns the time of a clock of the kernel in nanoseconds. Package time's clock stands still
// in a bubble of testing/synctest.
func clock(id int32) (int64, error) {
	var now linux.Timespec
	err := linux.ClockGettime(id, &now)
	return now.Sec*1e9 + now.Nsec, err
}

// after returns the time of a clock d nanoseconds from now, or the latest possible time.
func after(id int32, d int64) (int64, error) {
	now, err := clock(id)
	return now + min(d, math.MaxInt64-now), err
}

func timespec(ns int64) linux.Timespec {
	ns = max(ns, 0) // long past; a negative time would be EINVAL
	return linux.Timespec{Sec: ns / 1e9, Nsec: ns % 1e9}
}

// supportedPI returns nil if the kernel has locks with priority inheritance, and otherwise an
// ErrUnsupported. Emulators of other processors often have none, or misread the word.
var supportedPI = sync.OnceValue(func() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	word := new(atomic.Uint32)
	if err := linux.FutexTrylockPI(word, linux.FUTEX_PRIVATE_FLAG); err != nil {
		return fmt.Errorf("native: no priority inheritance: %w (%v)", errors.ErrUnsupported, err)
	}
	if word.Load() != uint32(linux.Gettid()) {
		return fmt.Errorf("native: the kernel's priority inheritance misreads words: %w", errors.ErrUnsupported)
	}
	return nil
})
