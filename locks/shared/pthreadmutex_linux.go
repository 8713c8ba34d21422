// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// A PthreadMutex is a mutual exclusion lock that goroutines share with C programs: it is a pthread_mutex_t of the GNU C
// library, process-shared and robust. It is in a [Region], which a C program opens with the header osync.h of this
// package.
//
// The zeros of a new region are not a robust mutex. [PthreadMutex.Init] turns them into one, and so does
// pthread_mutex_init in C with the attributes PTHREAD_PROCESS_SHARED and PTHREAD_MUTEX_ROBUST. Before that, other
// methods return [ErrKind].
//
// In Go, a process owns a PthreadMutex, as it owns a [Mutex]. In C, a thread owns it. If the owner dies, the next
// owner gets an error in either language: Lock returns [ErrOwnerDied] where pthread_mutex_lock returns EOWNERDEAD,
// and [ErrNotRecoverable] for ENOTRECOVERABLE. Both sides allow barging.
//
// It has the size and the alignment of the C type on the machine: 40 bytes on 64-bit machines, 48 on arm64, and 24 on
// 32-bit machines. The types of musl and of other systems have other fields; on other systems the methods return
// [ErrUnsupported].
//
// All processes that use it must be in the same pid namespace, since the word has the number of a C thread. A Go
// process that gets the lock after another Go process has died waits until all threads of that process have ended. C
// waits for the death of only one thread, and so may repair the data some microseconds before the other threads have
// stopped. If a region's file outlives a restart of the system with a mutex that a C thread held, and another thread
// has got the number of that thread, waiters mistake the new thread for the owner until it ends.
//
// The goroutines of a process wait for each other in FIFO order, in Go's scheduler. The first of them waits in the
// kernel and occupies a thread.
//
// An Unlock, or a pthread_mutex_unlock, synchronizes before the return of the next Lock that locks the mutex.
type PthreadMutex struct {
	_      [0]uint64
	owned                    // __lock: a word with the number of a thread
	count  uint32            // __count: how many times a recursive mutex is locked by its owner
	holder uint32            // __owner: see the table below
	more   [2]atomic.Uint32  // __nusers and __kind: the kind is the first one on 32-bit machines, the second one on others
	_      [pthreadRest]byte // __spins and __list, which the C library uses only on its own side
}

// The fields behind the word belong to the owner. C keeps to the same table:
//
//	holder            the mutex
//	0                 is free; or its owner has just changed the word, and not this field yet
//	thread number     is held, and its data is in order
//	inconsistent      is held by an owner that has learnt of a death, and has not called Consistent yet
//	notRecoverable    was unlocked so; whoever takes the word frees it at once
//
//	step                                a kill after it leaves
//	t1  word: 0, or died → id           the word to be marked by the kernel
//	t2  holder = id, or inconsistent    the same
//	u1  holder = 0, or notRecoverable   the same, though the data may be in order
//	u2  word: id → 0                    the word free, and a wake to be done by the kernel
//	u3  wake, if there were waiters     nothing
//
// So the next owner may get ErrOwnerDied for a death that changed nothing, but it always gets it for a death that may
// have changed something. The number of users is one too low after a kill between t1 and t2; the C library uses it only
// for mutexes that are not robust.
//
// A waiting C thread does not check the word from time to time, as goroutines do. So a wake must not be lost when a
// process dies: a thread that sleeps for the word, and takes it, declares that to the kernel in the list_op_pending of
// its robust list. If it is killed and the word is free, the kernel wakes the next sleeper. One case remains, which
// also exists among C threads: a thread that does not know of the sleepers has taken the word meanwhile. Then they
// sleep until another thread waits, which sets waiters. An heir sets it, too.
const (
	inconsistent   = 1<<31 - 1
	notRecoverable = 1<<31 - 2

	kindRobust = 16 | 128 // robust and process-shared
	kindTypes  = 3        // normal, recursive, error-checking or adaptive: they differ only for C threads

	is64        = int(unsafe.Sizeof(uintptr(0)) / 8)
	pthreadRest = 4 + 16*is64 + pthreadExtra
)

// nusers and kind are the fields of these names.
func (m *PthreadMutex) nusers() *atomic.Uint32 { return &m.more[1-is64] }
func (m *PthreadMutex) kind() *atomic.Uint32   { return &m.more[is64] }

// robust reports whether m is a robust and process-shared mutex.
func (m *PthreadMutex) robust() bool { return m.kind().Load()&^kindTypes == kindRobust }

// Init turns zeros into an unlocked mutex. It does nothing if m is already a robust process-shared mutex, locked or
// not, so several processes may call it at the same time. It returns [ErrKind] if m is something else, such as a mutex
// that is not robust.
//
// C's pthread_mutex_init clears the memory first, so it must not be called while another process may call it or use
// the mutex; osync_mutex_init of osync.h works like Init.
func (m *PthreadMutex) Init() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	m.local() // panics if m is in no region
	if m.kind().CompareAndSwap(0, kindRobust) || m.robust() {
		return nil
	}
	return fmt.Errorf("%w: its kind is %d", ErrKind, m.kind().Load())
}

// Lock locks m. It blocks until m is available, in this process or another.
//
// If Lock returns nil or [ErrOwnerDied], m is locked; if it returns [ErrNotRecoverable], [ErrKind], [ErrClosed] or
// [ErrTruncated], m is not locked.
func (m *PthreadMutex) Lock() (err error) {
	old, done := debug.SetPanicOnFault(true), false
	defer func() {
		if !done {
			rescue(old, recover(), &err)
		}
	}()
	if race.Enabled {
		r, err := m.linger()
		if err != nil {
			return err
		}
		defer r.exit()
	}
	l := m.local()
	if id := l.id.Load(); id != 0 && m.robust() && m.word.CompareAndSwap(0, id) {
		if l.id.Load() == id && m.holder == 0 {
			acquired(&m.word)
			m.count, m.holder = 1, id
			m.users(1)
			debug.SetPanicOnFault(old)
			done = true
			return nil
		}
		if m.confirm(id, false) {
			return m.settle(id, false)
		}
	}
	return m.lock(limit{})
}

// TryLock tries to lock m without blocking, and reports whether m is locked. The error is as that of Lock.
func (m *PthreadMutex) TryLock() (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	id, err := m.own()
	if err != nil {
		return false, err
	}
	if locked, err = m.try(id, 0); !locked && err == nil && m.mourn(m.word.Load()) {
		return m.try(id, 0)
	}
	return locked, err
}

// TryLockFor locks m, blocking for at most d, and reports whether m is locked. The error is as that of Lock.
func (m *PthreadMutex) TryLockFor(d time.Duration) (locked bool, err error) {
	if d <= 0 {
		return m.TryLock()
	}
	defer faulted(debug.SetPanicOnFault(true), &err)
	return lockedInTime(m.lock(limit{deadline: time.Now().Add(d)}))
}

// LockContext locks m, blocking until it is available or ctx is done. The error is as that of Lock, or the context's
// cause. If ctx is already done, LockContext returns its cause without trying to lock m. A nil ctx panics.
func (m *PthreadMutex) LockContext(ctx context.Context) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return m.lock(limit{ctx: ctx})
}

// own returns the id of the process in the word. It returns an error if m is not such a mutex.
func (m *PthreadMutex) own() (uint32, error) {
	id, err := m.id()
	if err == nil && !m.robust() {
		err = ErrKind
	}
	return id, err
}

func (m *PthreadMutex) try(id, sleepers uint32) (locked bool, err error) {
	taken, after := m.take(id, sleepers)
	if !taken {
		if err = m.lost(); err != nil && sleepers != 0 {
			m.passOn()
		}
		return false, err
	}
	err = m.settle(id, after)
	return err != ErrNotRecoverable, err
}

// lost returns ErrNotRecoverable if m can never be locked again, even if a thread seems to have it:
// pthread_mutex_trylock leaves the number of its caller in the word when it returns ENOTRECOVERABLE.
func (m *PthreadMutex) lost() error {
	if (*atomic.Uint32)(unsafe.Pointer(&m.holder)).Load() == notRecoverable { // another's field
		return ErrNotRecoverable
	}
	return nil
}

// settle returns the result of Lock once the word has the process's id. after says that the previous owner died. It
// unlocks a mutex that is not recoverable.
func (m *PthreadMutex) settle(id uint32, after bool) error {
	acquired(&m.word)
	switch {
	case m.holder == notRecoverable:
		m.count = 0
		m.free(id)
		return ErrNotRecoverable
	case after:
		m.word.Or(waiters) // the dead owner may have consumed a wake
		m.count, m.holder = 1, inconsistent
		return ErrOwnerDied
	}
	m.count, m.holder = 1, id
	m.users(1)
	return nil
}

// users adds to the number of users. Only the owner changes it.
func (m *PthreadMutex) users(n uint32) {
	p := (*uint32)(unsafe.Pointer(m.nusers())) // the same field, without a locked instruction
	*p += n
}

// lock is Lock up to a limit.
func (m *PthreadMutex) lock(l limit) error {
	id, err := m.own()
	if err != nil {
		return err
	}
	if locked, err := m.try(id, 0); locked || err != nil {
		return err
	}
	var p pending
	return m.inTurn(l, m.own, m.try, func(s uint32) error {
		if s&waiters == 0 && !m.word.CompareAndSwap(s, s|waiters) {
			return nil
		}
		p.begin(&m.word)
		return m.sleep(s|waiters, l)
	}, p.end)
}

// sleep sleeps until the word may have changed from s, for at most the time recheck. If the word has not changed, sleep
// checks whether its owner is alive. It returns an error if the limit was reached.
func (m *PthreadMutex) sleep(s uint32, l limit) error {
	began := time.Now()
	err := awaitHere(&m.word, s, l)
	if err == nil && time.Since(began) < recheck {
		return nil
	}
	if m.mourn(s) {
		return nil
	}
	return err
}

// mourn marks the word if it is still s and its owner is dead, and reports whether it did. The kernel does not mark a
// word that a thread left before a restart of the system. Even if no thread here has the number, a process of another
// namespace may have such a thread, which its slot shows.
func (m *PthreadMutex) mourn(s uint32) bool {
	id := s & ownerMask
	if id == 0 || m.word.Load() != s || !ended(id) {
		return false
	}
	r, err := m.linger()
	if err != nil {
		return false
	}
	defer r.exit()
	return r.dead(id) && m.word.CompareAndSwap(s, died|waiters)
}

// Owner returns the process that holds m, and reports whether there is one, as [Mutex.Owner] does. Since is unknown,
// and so is Started for a C process.
func (m *PthreadMutex) Owner() (o Owner, held bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	id := m.word.Load() & ownerMask
	o, held, err = m.describe()
	if held && o.PID == 0 && id != 0 && !ended(id) { // not a Go process
		o.PID, o.Alive = processOf(id), true
	}
	return o, held, err
}

// processOf returns the number of the process that a thread belongs to, or 0 if that is unknown.
func processOf(tid uint32) int {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(int(tid)) + "/status")
	if err != nil {
		return 0
	}
	_, line, _ := bytes.Cut(status, []byte("\nTgid:"))
	line, _, _ = bytes.Cut(line, []byte("\n"))
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return pid
}

// ended reports whether no thread has this number.
func ended(id uint32) bool {
	_, _, e := unix.RawSyscall(unix.SYS_TKILL, uintptr(id), 0, 0) // no signal
	return e == unix.ESRCH
}

// free ends the ownership of the process, and wakes one sleeper. If the process is being killed, and another has got
// the mutex because of that, free does nothing: C does not wait until all threads of the dead process have ended, as
// take does.
func (m *PthreadMutex) free(id uint32) {
	if m.word.CompareAndSwap(id, 0) {
		return
	}
	if r, err := m.linger(); err == nil { // Close can come between the two steps
		defer r.exit()
	}
	var p pending // and so can a kill
	defer p.end()
	p.begin(&m.word)
	for s := m.word.Load(); s&ownerMask == id; s = m.word.Load() {
		if m.word.CompareAndSwap(s, 0) {
			unlocking()
			wake(&m.word, 1)
			return
		}
	}
}

// unlocking is called between the two steps of an Unlock that Close waits for, of a PthreadMutex with waiters or a PIMutex, for
// tests.
var unlocking = func() {}

// Unlock unlocks m. It panics, and changes nothing, if the process does not hold m.
//
// If Lock returned ErrOwnerDied and [PthreadMutex.Consistent] was not called, m can never be locked again.
func (m *PthreadMutex) Unlock() {
	var err error // of memory that is gone: there is no lock to unlock
	old, done := debug.SetPanicOnFault(true), false
	defer func() {
		if !done {
			rescue(old, recover(), &err)
		}
	}()
	id := m.word.Load() & ownerMask
	if id == 0 || id != m.local().id.Load() {
		if id = m.owner(); id == 0 {
			panic("shared: unlock of a mutex that this process does not hold")
		}
	}
	if m.holder == inconsistent {
		m.holder = notRecoverable
	} else {
		m.holder = 0
	}
	m.users(^uint32(0))
	releasing(&m.word)
	if !m.word.CompareAndSwap(id, 0) {
		m.free(id)
	}
	debug.SetPanicOnFault(old)
	done = true
}

// Consistent declares that what m protects is consistent again, after a Lock returned [ErrOwnerDied]. The caller holds
// m.
func (m *PthreadMutex) Consistent() {
	var err error // of memory that is gone
	defer faulted(debug.SetPanicOnFault(true), &err)
	if id := m.owner(); id != 0 && m.holder == inconsistent {
		m.holder = id
	}
}
