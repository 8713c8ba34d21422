// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// An RWLockKind determines whether waiting readers or waiting writers go first.
type RWLockKind int

// The kinds of readers-writer locks of glibc.
const (
	PreferReader             RWLockKind = iota // readers go first; the default
	PreferWriter                               // the same
	PreferWriterNonrecursive                   // writers go first; a thread must not lock for reading twice
)

// String returns the name of the kind.
func (k RWLockKind) String() string {
	return nameOf(int(k), "PTHREAD_RWLOCK_PREFER_READER_NP", "PTHREAD_RWLOCK_PREFER_WRITER_NP",
		"PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP")
}

var (
	rwlockattrInit       = symbol("pthread_rwlockattr_init")
	rwlockattrDestroy    = symbol("pthread_rwlockattr_destroy")
	rwlockattrSetkindNP  = symbol("pthread_rwlockattr_setkind_np")
	rwlockattrGetkindNP  = symbol("pthread_rwlockattr_getkind_np")
	rwlockattrSetpshared = symbol("pthread_rwlockattr_setpshared")
	rwlockattrGetpshared = symbol("pthread_rwlockattr_getpshared")

	rwlockInit        = symbol("pthread_rwlock_init")
	rwlockDestroy     = symbol("pthread_rwlock_destroy")
	rwlockRdlock      = symbol("pthread_rwlock_rdlock")
	rwlockTryrdlock   = symbol("pthread_rwlock_tryrdlock")
	rwlockTimedrdlock = timedSymbol("pthread_rwlock_timedrdlock")
	rwlockClockrdlock = timedSymbol("pthread_rwlock_clockrdlock")
	rwlockWrlock      = symbol("pthread_rwlock_wrlock")
	rwlockTrywrlock   = symbol("pthread_rwlock_trywrlock")
	rwlockTimedwrlock = timedSymbol("pthread_rwlock_timedwrlock")
	rwlockClockwrlock = timedSymbol("pthread_rwlock_clockwrlock")
	rwlockUnlock      = symbol("pthread_rwlock_unlock")
)

// An RWLockAttr holds the attributes of a readers-writer lock to be made. Once the lock is made, the attributes can be
// changed or destroyed. An RWLockAttr must not be used by several goroutines at the same time.
type RWLockAttr struct{ attr }

// NewRWLockAttr returns attributes with the system's defaults.
func NewRWLockAttr() (*RWLockAttr, error) {
	a := new(RWLockAttr)
	if err := newAttr(&a.attr, rwlockattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, rwlockattrDestroy), nil
}

// SetKindNP sets the kind. Only glibc has it.
func (a *RWLockAttr) SetKindNP(k RWLockKind) error {
	return a.setIn(rwlockattrSetkindNP, system.kinds[:], int(k), k.String())
}

// KindNP returns the kind.
func (a *RWLockAttr) KindNP() (RWLockKind, error) {
	i, err := a.getIn(rwlockattrGetkindNP, system.kinds[:], 0)
	return RWLockKind(i), err
}

// SetPShared sets whether the lock works between processes that map its memory.
func (a *RWLockAttr) SetPShared(shared bool) error { return a.setShared(rwlockattrSetpshared, shared) }

// PShared reports whether the lock works between processes.
func (a *RWLockAttr) PShared() (bool, error) { return a.shared(rwlockattrGetpshared) }

// Destroy destroys the attributes, but not the locks made with them. Further calls do nothing.
func (a *RWLockAttr) Destroy() error { return a.o.destroy(rwlockattrDestroy) }

func (a *RWLockAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// An RWLock is a pthread_rwlock_t, a lock that many readers or one writer can hold.
//
// The rules of [Mutex] for handles, memory and the end of objects apply to it, too. A goroutine that locks it, for
// reading or writing, is locked to its thread until it unlocks it. While a writer holds the lock, Unlock by another
// thread returns EPERM. Readers are counted, but not identified: an Unlock by a thread that does not read, while others
// do, is not detected.
//
// The system chooses the next owner. With glibc's default, a steady stream of readers starves writers; see
// [RWLockAttr.SetKindNP].
//
// In the terms of the Go memory model, an unlock of the writer synchronizes before each later
// lock, and an unlock of a reader before the next lock of a writer, through the same handle.
type RWLock struct {
	_ noCopy
	o *object
}

// NewRWLock returns an unlocked lock in memory of the C library's; see [NewMutex].
//
//	pthread_rwlock_init(calloc(...), attr)
func NewRWLock(attr *RWLockAttr) (*RWLock, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o, err := newObject(objectSize, rwlockInit, a, 0)
	runtime.KeepAlive(attr)
	if err != nil {
		return nil, err
	}
	o.unchecked = true
	return watch(&RWLock{o: o}, o, rwlockDestroy), nil
}

// RWLockAt returns a handle for the lock at p; see [MutexAt].
func RWLockAt(p unsafe.Pointer) *RWLock { return &RWLock{o: objectAt(p, nil, 0, 0)} }

// InitRWLockAt makes a lock at p, in [Sizes].RWLock bytes; see [InitMutexAt].
//
//	pthread_rwlock_init(p, attr)
func InitRWLockAt(p unsafe.Pointer, attr *RWLockAttr) (*RWLock, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o := objectAt(p, rwlockInit, a, 0)
	runtime.KeepAlive(attr)
	if o.err != nil {
		return nil, o.err
	}
	o.unchecked = true
	return &RWLock{o: o}, nil
}

// RdLock locks l for reading, and locks the calling goroutine to its thread. It blocks until l is available.
//
//	pthread_rwlock_rdlock(l)
//
// Errors, after which the caller does not hold l: EDEADLK if the calling thread holds l for writing, EAGAIN if there
// are too many readers.
func (l *RWLock) RdLock() error {
	if err := l.o.usable(rwlockRdlock); err != nil {
		return err
	}
	runtime.LockOSThread()
	return l.reading(rwlockRdlock.do(l.o.addr, 0, 0))
}

// TryRdLock is a [RWLock.RdLock] that does not block: EBUSY means that l is held for writing, or that a writer waits.
//
//	pthread_rwlock_tryrdlock(l)
func (l *RWLock) TryRdLock() error {
	if err := l.o.usable(rwlockTryrdlock); err != nil {
		return err
	}
	runtime.LockOSThread()
	return l.reading(rwlockTryrdlock.do(l.o.addr, 0, 0))
}

// TimedRdLock is a [RWLock.RdLock] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline. macOS lacks it.
//
//	pthread_rwlock_timedrdlock(l, &deadline)
func (l *RWLock) TimedRdLock(deadline Timespec) error {
	return l.rdlockUntil(rwlockTimedrdlock, nil, deadline)
}

// ClockRdLock is a [RWLock.TimedRdLock] by the given clock. Only glibc has it, since 2.30.
//
//	pthread_rwlock_clockrdlock(l, clock, &deadline)
func (l *RWLock) ClockRdLock(clock Clock, deadline Timespec) error {
	return l.rdlockUntil(rwlockClockrdlock, &clock, deadline)
}

func (l *RWLock) rdlockUntil(f *function, clock *Clock, deadline Timespec) error {
	at, id, err := l.o.prepare(f, clock)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	return l.reading(f.until(deadline, at, l.o.addr, id, 0))
}

// reading records that the caller reads, unless e says that it does not. The race detector's edges of readers use a
// different address from those of writers, since readers are not ordered among themselves.
func (l *RWLock) reading(e errno) error {
	defer runtime.KeepAlive(l)
	if e != 0 {
		runtime.UnlockOSThread()
		return e
	}
	race.Acquire(unsafe.Pointer(l.o))
	l.o.use(1)
	return nil
}

// WrLock locks l for writing, and locks the calling goroutine to its thread. It blocks until l is available. EDEADLK
// means that the calling thread already holds l for writing.
//
//	pthread_rwlock_wrlock(l)
func (l *RWLock) WrLock() error { return l.writing(l.o.lock(rwlockWrlock)) }

// TryWrLock is a [RWLock.WrLock] that does not block: EBUSY means that l is held.
//
//	pthread_rwlock_trywrlock(l)
func (l *RWLock) TryWrLock() error { return l.writing(l.o.lock(rwlockTrywrlock)) }

// TimedWrLock is a [RWLock.WrLock] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline. macOS lacks it.
//
//	pthread_rwlock_timedwrlock(l, &deadline)
func (l *RWLock) TimedWrLock(deadline Timespec) error {
	return l.writing(l.o.lockUntil(rwlockTimedwrlock, nil, deadline))
}

// ClockWrLock is a [RWLock.TimedWrLock] by the given clock. Only glibc has it, since 2.30.
//
//	pthread_rwlock_clockwrlock(l, clock, &deadline)
func (l *RWLock) ClockWrLock(clock Clock, deadline Timespec) error {
	return l.writing(l.o.lockUntil(rwlockClockwrlock, &clock, deadline))
}

func (l *RWLock) writing(err error) error {
	defer runtime.KeepAlive(l)
	if err == nil {
		race.Acquire(unsafe.Pointer(&l.o.users))
	}
	return err
}

// Unlock undoes one lock of l, for reading or writing, and the locking of the goroutine to its
// thread that came with it. It does not block. EPERM means that another goroutine holds l for writing, or that l is not
// held.
//
//	pthread_rwlock_unlock(l)
func (l *RWLock) Unlock() error {
	defer runtime.KeepAlive(l)
	if err := l.o.usable(rwlockUnlock); err != nil {
		return err
	}
	if l.o.owner.Load() != 0 || !l.stopReading() {
		return l.o.unlock(rwlockUnlock)
	}
	race.ReleaseMerge(unsafe.Pointer(&l.o.users))
	if e := rwlockUnlock.do(l.o.addr, 0, 0); e != 0 {
		l.o.use(1)
		return e
	}
	runtime.UnlockOSThread()
	return nil
}

// stopReading subtracts one from the number of readers, unless that is 0.
func (l *RWLock) stopReading() bool {
	race.Disable()
	defer race.Enable()
	for {
		n := l.o.users.Load()
		if n == 0 {
			return false
		}
		if l.o.users.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

// Pointer returns the pthread_rwlock_t, for code in C; nil after Destroy.
func (l *RWLock) Pointer() unsafe.Pointer { return l.o.pointer() }

// Destroy destroys the lock; see [Mutex.Destroy].
//
//	pthread_rwlock_destroy(l)
func (l *RWLock) Destroy() error {
	err := l.o.destroy(rwlockDestroy)
	runtime.KeepAlive(l)
	return err
}
