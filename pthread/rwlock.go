// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// An RWLockKind says who goes first where readers and writers wait.
type RWLockKind int

// The kinds of readers-writer locks of glibc.
const (
	PreferReader             RWLockKind = iota // readers come before writers, its default
	PreferWriter                               // the same
	PreferWriterNonrecursive                   // writers come first; no thread reads twice at a time
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

// An RWLockAttr says what a readers-writer lock shall be like. It is used when that is made, and
// can then be changed or destroyed. It serves one goroutine at a time.
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

// SetPShared says whether the lock shall work between processes that map its memory.
func (a *RWLockAttr) SetPShared(shared bool) error { return a.setShared(rwlockattrSetpshared, shared) }

// PShared reports whether the lock shall work between processes.
func (a *RWLockAttr) PShared() (bool, error) { return a.shared(rwlockattrGetpshared) }

// Destroy ends the life of the attributes, not of locks made with them. Calling it again
// does nothing.
func (a *RWLockAttr) Destroy() error { return a.o.destroy(rwlockattrDestroy) }

func (a *RWLockAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// An RWLock is a pthread_rwlock_t, a lock for many readers or one writer.
//
// What [Mutex] says of handles, memory and the end of objects is true of it too. A goroutine that
// locks it, to read or to write, is locked to its thread until it unlocks it. Unlock by another thread
// than the writer is EPERM. Readers are counted, but not identified: an Unlock by a thread that does
// not read, while others do, is not detected.
//
// The system chooses the next owner. With glibc's default, readers that keep coming
// starve writers; see [RWLockAttr.SetKindNP].
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

// RWLockAt returns a handle of the lock at p; see [MutexAt].
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

// RdLock locks l for reading, and the calling goroutine to its thread. It blocks until it can.
//
//	pthread_rwlock_rdlock(l)
//
// Errors, with which the caller does not hold l: EDEADLK if the calling thread writes, EAGAIN if
// there are too many readers.
func (l *RWLock) RdLock() error {
	if err := l.o.usable(rwlockRdlock); err != nil {
		return err
	}
	runtime.LockOSThread()
	return l.reading(rwlockRdlock.do(l.o.addr, 0, 0))
}

// TryRdLock is [RWLock.RdLock] and does not block: EBUSY says that l is held for writing, or that a writer waits.
//
//	pthread_rwlock_tryrdlock(l)
func (l *RWLock) TryRdLock() error {
	if err := l.o.usable(rwlockTryrdlock); err != nil {
		return err
	}
	runtime.LockOSThread()
	return l.reading(rwlockTryrdlock.do(l.o.addr, 0, 0))
}

// TimedRdLock is [RWLock.RdLock] and gives up when [ClockRealtime] shows deadline, with
// ETIMEDOUT. macOS lacks it.
//
//	pthread_rwlock_timedrdlock(l, &deadline)
func (l *RWLock) TimedRdLock(deadline Timespec) error {
	return l.rdlockUntil(rwlockTimedrdlock, nil, deadline)
}

// ClockRdLock is [RWLock.TimedRdLock] by a clock of choice. Only glibc has it, since 2.30.
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

// reading notes that the caller reads, unless e says that it does not. The edges of readers
// stand on another address than those of writers, since readers order nothing among themselves.
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

// WrLock locks l for writing, and the calling goroutine to its thread. It blocks until it can.
// EDEADLK says that the calling thread writes already.
//
//	pthread_rwlock_wrlock(l)
func (l *RWLock) WrLock() error { return l.writing(l.o.lock(rwlockWrlock)) }

// TryWrLock is [RWLock.WrLock] and does not block: EBUSY says that l is held.
//
//	pthread_rwlock_trywrlock(l)
func (l *RWLock) TryWrLock() error { return l.writing(l.o.lock(rwlockTrywrlock)) }

// TimedWrLock is [RWLock.WrLock] and gives up when [ClockRealtime] shows deadline, with
// ETIMEDOUT. macOS lacks it.
//
//	pthread_rwlock_timedwrlock(l, &deadline)
func (l *RWLock) TimedWrLock(deadline Timespec) error {
	return l.writing(l.o.lockUntil(rwlockTimedwrlock, nil, deadline))
}

// ClockWrLock is [RWLock.TimedWrLock] by a clock of choice. Only glibc has it, since 2.30.
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
// thread that came with it. It does not block. EPERM says that another goroutine holds l for
// writing, or that l is not held.
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

// stopReading takes one from the number of readers, unless that is 0.
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

// Destroy ends the life of the lock; see [Mutex.Destroy].
//
//	pthread_rwlock_destroy(l)
func (l *RWLock) Destroy() error {
	err := l.o.destroy(rwlockDestroy)
	runtime.KeepAlive(l)
	return err
}
