// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/linux"
)

// A PIMutex is a mutual exclusion lock between processes with priority inheritance: while a thread waits for it, the
// thread that holds it runs with the priority of the waiter, if that is higher, even if they belong to different
// processes. Use it for threads whose priorities differ, and [Mutex] for all others. A PIMutex is in a [Region], and
// its zero value is unlocked. It is 16 bytes long.
//
// A goroutine that locks it is locked to its thread, as by [runtime.LockOSThread], until Unlock. The goroutine and its
// thread own the PIMutex. If the thread ends, or its process dies, the next Lock returns [ErrOwnerDied].
//
// A goroutine that waits blocks its thread, in the kernel. Unlock hands the lock off to the waiter with the highest
// priority. Threads of SCHED_FIFO, SCHED_RR and SCHED_DEADLINE have priorities. All others, such as Go's threads by
// default, rank below them and are equal.
//
// All processes that have the region open must be in the same pid namespace; otherwise a Lock that would have to
// wait returns [ErrNamespace]. Systems other than Linux have no such lock, and the methods return [ErrUnsupported].
//
// An Unlock synchronizes before the return of the next Lock that locks the mutex.
type PIMutex struct {
	_      [0]atomic.Uint64
	owned                // the process whose thread holds the mutex: see the table below
	thread atomic.Uint32 // the kernel's word: the thread that holds the mutex
	state  atomic.Uint32 // consistent, broken or lost; changed by the owner only
	_      [4]byte
}

// A piLocal is the state of a PIMutex that is local to this process.
type piLocal struct {
	local
	me atomic.Uint64 // the number of the goroutine that holds it, or 0
}

// The thread's word is the lock. The kernel passes it on when a thread ends for which others wait in the kernel;
// otherwise it ignores the word, since the thread has no robust list for it. So the process's word says that there is
// an owner, and is in the list of the process's keeper, as that of a Mutex is. Both words are 0 while the mutex is
// free.
//
//	thread             process     the mutex
//	0                  0           is free
//	tid                0           is held, and lock or unlock are between two steps; or the owner has died there
//	tid                id          is held
//	tid                died        has an owner that is dead: a waiter marks the thread's word
//	died               any         has no owner: the kernel gives it to the next that asks, and leaves the bit until it unlocks
//	died|tid           any         is held by an heir
//	…|waiters                      threads wait in the kernel, or have given up
//
//	step                                   a kill after it leaves
//	l1  thread: 0 → tid, or the kernel     thread = tid, process = 0 or that of a dead one
//	l2  process = id, died → id, 0 → id    both words; the process's is marked by the kernel
//	u1  process = 0                        thread = tid, process = 0
//	u2  thread: tid → 0, or the kernel     nothing
//
// If threads wait, the kernel passes the word on in each case. Otherwise the next Lock finds that no thread has the
// number; or that the process's word is marked, if another thread has got the number since; or, after l1 and u1 and the
// time recheck, that the thread with the number belongs to no process of the region. The heir gets ErrOwnerDied in all
// cases, as the process's word may not say at which step the owner died.
//
// Invariant: a thread's word without the bit died was written before the process's word was marked. So if the process's
// word is marked, a waiter does not change the thread's word of a living heir. It does not wait in the kernel in that
// case: if the kernel mistakes a thread with the dead owner's number for the owner, it releases the mutex once the
// waiters in the kernel have stopped waiting, after the time recheck.

// piSlice is the maximum duration of a wait in the kernel if the wait has a context, which the kernel does
// not know.
const piSlice = 10 * time.Millisecond

func (m *PIMutex) local() *piLocal { return (*piLocal)(privately(unsafe.Pointer(m))) }

// Lock locks m, and the calling goroutine to its thread. It blocks until m is available.
//
// If Lock returns nil or [ErrOwnerDied], m is locked. If it returns [ErrNotRecoverable], [ErrDeadlock], [ErrNamespace],
// [ErrClosed] or [ErrTruncated], or [ErrUnsupported] because the kernel has no priority inheritance, m is not locked.
func (m *PIMutex) Lock() error {
	_, err := m.acquire(func(tid uint32) (bool, error) { return m.lock(tid, limit{}) })
	return err
}

// TryLock tries to lock m without blocking, and reports whether m is locked. The error is as that of Lock. If the
// goroutine already holds m, TryLock returns false and nil.
func (m *PIMutex) TryLock() (locked bool, err error) { return m.acquire(m.try) }

// TryLockFor locks m, blocking for at most d, and reports whether m is locked. The error is as that of Lock.
func (m *PIMutex) TryLockFor(d time.Duration) (locked bool, err error) {
	if d <= 0 {
		return m.TryLock()
	}
	l := limit{deadline: time.Now().Add(d)}
	locked, err = m.acquire(func(tid uint32) (bool, error) { return m.lock(tid, l) })
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return locked, err
}

// LockContext locks m, blocking until it is available or ctx is done, which it notices within some milliseconds. The
// error is as that of Lock, or the context's cause. If ctx is already done, LockContext returns its cause without
// trying to lock m. A nil ctx panics.
//
// It waits in slices of 10 ms, and loses its place among waiters of equal priority with each.
func (m *PIMutex) LockContext(ctx context.Context) error {
	if err := park.Ended(ctx); err != nil {
		return err
	}
	_, err := m.acquire(func(tid uint32) (bool, error) { return m.lock(tid, limit{ctx: ctx}) })
	return err
}

// acquire calls take with the number of the calling thread. The goroutine stays locked to that thread if take
// succeeds.
func (m *PIMutex) acquire(take func(tid uint32) (bool, error)) (locked bool, err error) {
	m.local() // panics if m is in no region
	runtime.LockOSThread()
	defer func() {
		if !locked {
			runtime.UnlockOSThread()
		}
	}()
	defer faulted(debug.SetPanicOnFault(true), &err)
	r, err := enter(unsafe.Pointer(m))
	if err != nil {
		return false, err
	}
	defer r.exit()
	return take(uint32(linux.Gettid()))
}

// try locks m if it is free, or if its owner is dead.
func (m *PIMutex) try(tid uint32) (bool, error) {
	for range 4 { // several tries, in case others keep changing the word
		s := m.thread.Load()
		switch {
		case s == 0:
			if m.thread.CompareAndSwap(0, tid) {
				return m.settle(tid, false)
			}
		case s&ownerMask == 0:
			switch err := linux.FutexTrylockPI(&m.thread, 0); err {
			case nil:
				return m.settle(tid, true)
			case unix.ENOSYS:
				return false, unsupportedPI(err)
			}
			return false, nil // the kernel gives it to a waiter
		default:
			if m.region().divided() {
				return false, ErrNamespace
			}
			if !m.abandoned(s, tid) {
				return false, nil
			}
			m.thread.CompareAndSwap(s, died|s&waiters)
		}
	}
	return false, nil
}

// abandoned reports whether the owner in the thread's word s is dead.
func (m *PIMutex) abandoned(s, tid uint32) bool {
	switch {
	case s&died == 0 && m.word.Load()&died != 0:
		return m.buried() // by the invariant; before that, the owner may still run
	case s&ownerMask != tid:
		return ended(s & ownerMask)
	}
	return m.local().me.Load() != self64() // it had the number of this thread
}

func self64() uint64 {
	_, id := goid.Self()
	return id
}

// settle completes a lock after the thread has got the word. after says that the previous owner died. It reports
// whether m is locked.
func (m *PIMutex) settle(tid uint32, after bool) (bool, error) {
	id, err := m.id()
	if err != nil {
		m.release(tid)
		return false, err
	}
	if m.word.Swap(id) != 0 {
		after = true
	}
	if after {
		m.state.CompareAndSwap(consistent, broken)
	}
	if !m.confirm(id, after) {
		m.release(tid)
		return false, ErrClosed
	}
	acquired(&m.word)
	switch m.state.Load() {
	case lost:
		m.word.Store(0)
		m.release(tid)
		return false, ErrNotRecoverable
	case broken:
		err = ErrOwnerDied
	}
	m.local().me.Store(self64())
	return true, err
}

// release frees the thread's word, or hands it off to a waiting thread.
func (m *PIMutex) release(tid uint32) {
	if m.thread.CompareAndSwap(tid, 0) {
		return
	}
	for range 100 {
		if linux.FutexUnlockPI(&m.thread, 0) != unix.EAGAIN {
			return // an error means that another process has changed the word, which only the owner may change
		}
	}
}

// lock locks m, up to a limit.
func (m *PIMutex) lock(tid uint32, l limit) (bool, error) {
	if m.local().me.Load() == self64() {
		return false, ErrDeadlock
	}
	if locked, err := m.try(tid); locked || err != nil {
		return locked, err
	}
	r := m.region() // which is not closed yet
	for {
		if r.over() {
			return false, ErrClosed
		}
		if locked, err := m.try(tid); locked || err != nil {
			return locked, err
		}
		s := m.thread.Load()
		if s&ownerMask == 0 || s&died == 0 && m.word.Load()&died != 0 { // no owner, or one that is not buried yet
			if err := l.pause(); err != nil {
				return false, err
			}
			continue
		}
		began := time.Now()
		switch err := m.wait(l); err {
		case nil:
			return m.settle(tid, m.thread.Load()&died != 0)
		case unix.ETIMEDOUT:
			if time.Since(began) >= recheck {
				m.inspect(r, s)
			}
		case unix.ESRCH:
			m.thread.CompareAndSwap(s, died|s&waiters)
		case unix.EDEADLK:
			if m.thread.Load()&ownerMask != tid {
				return false, ErrDeadlock
			}
		case unix.ENOSYS:
			return false, unsupportedPI(err)
		default: // the owner is ending, or the kernel's owner differs from the word's
			if err := l.pause(); err != nil {
				return false, err
			}
		}
		if err := l.ended(); err != nil {
			return false, err
		}
	}
}

func unsupportedPI(err error) error {
	return fmt.Errorf("%w: no priority inheritance: %w", ErrUnsupported, err)
}

// wait waits in the kernel until the calling thread has the word, for at most the time recheck.
func (m *PIMutex) wait(l limit) error {
	d := recheck
	switch {
	case l.ctx != nil:
		d = piSlice
	case !l.deadline.IsZero():
		d = min(d, max(time.Until(l.deadline), 0))
	}
	deadline := after(unix.CLOCK_MONOTONIC, d)
	err := linux.FutexLockPI2HandingOn(&m.thread, &deadline, 0)
	if err == unix.ENOSYS { // before Linux 5.14, which has only the wall clock
		deadline = after(unix.CLOCK_REALTIME, d)
		err = linux.FutexLockPIHandingOn(&m.thread, &deadline, 0)
	}
	return err
}

// inspect checks whether the owner in the thread's word s is dead although a thread has its number.
func (m *PIMutex) inspect(r *Region, s uint32) {
	p, now := m.word.Load(), m.thread.Load()
	if p&ownerMask != 0 {
		m.orphaned(p)
	} else if (now^s)&^waiters == 0 && !r.has(s&ownerMask) {
		m.thread.CompareAndSwap(now, died|now&waiters)
	}
}

// has reports whether the thread tid may belong to a process that has the region open.
func (r *Region) has(tid uint32) bool {
	pid := processOf(tid)
	if pid == 0 {
		return !ended(tid)
	}
	slots := &r.header().slots
	for i := range slots {
		if s := &slots[i]; s.id.Load() != 0 && s.pid == uint32(pid) {
			return true
		}
	}
	return false
}

// Owner returns the process that holds m, and reports whether there is one, as [Mutex.Owner] does. Since is
// unknown.
func (m *PIMutex) Owner() (o Owner, held bool, err error) {
	m.local() // panics if m is in no region
	defer faulted(debug.SetPanicOnFault(true), &err)
	o, held, err = m.describe()
	return o, err == nil && (held || m.thread.Load() != 0), err
}

// divided reports whether processes of different pid namespaces have the region open.
func (r *Region) divided() bool {
	slots := &r.header().slots
	for i := range slots {
		if s := &slots[i]; s.id.Load() != 0 && s.ns != self().ns && r.locked(byteSlot+int64(i)) {
			return true
		}
	}
	return false
}

// Unlock unlocks m, and undoes the locking of the goroutine to its thread. It panics, and changes nothing, if the goroutine does
// not hold m.
//
// If Lock returned ErrOwnerDied and [PIMutex.Consistent] was not called, m can never be locked again.
func (m *PIMutex) Unlock() {
	l := m.local()
	var err error // of memory that is gone: there is no lock to unlock
	defer faulted(debug.SetPanicOnFault(true), &err)
	if l.me.Load() != self64() {
		panic("shared: unlock of a mutex that this goroutine does not hold")
	}
	r, err := enter(unsafe.Pointer(m)) // Close may come between the steps
	if err != nil {
		return
	}
	defer r.exit()
	defer runtime.UnlockOSThread()
	l.me.Store(0)
	m.state.CompareAndSwap(broken, lost)
	releasing(&m.word)
	tid := m.thread.Load() & ownerMask
	m.word.Store(0)
	unlocking()
	m.release(tid)
}

// Consistent declares that what m protects is consistent again, after a Lock returned [ErrOwnerDied]. The caller holds
// m.
func (m *PIMutex) Consistent() {
	var err error // of memory that is gone
	defer faulted(debug.SetPanicOnFault(true), &err)
	if m.local().me.Load() == self64() {
		m.state.CompareAndSwap(broken, consistent)
	}
}
