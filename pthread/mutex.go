// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"
)

var (
	mutexInit           = symbol("pthread_mutex_init")
	mutexDestroy        = symbol("pthread_mutex_destroy")
	mutexLock           = symbol("pthread_mutex_lock")
	mutexTryLock        = symbol("pthread_mutex_trylock")
	mutexTimedLock      = timedSymbol("pthread_mutex_timedlock")
	mutexClockLock      = timedSymbol("pthread_mutex_clocklock")
	mutexUnlock         = symbol("pthread_mutex_unlock")
	mutexConsistent     = symbol("pthread_mutex_consistent")
	mutexSetprioceiling = symbol("pthread_mutex_setprioceiling")
	mutexGetprioceiling = symbol("pthread_mutex_getprioceiling")
)

// A Mutex is a pthread_mutex_t, a mutual exclusion lock that a thread owns.
//
// Make one with [NewMutex], or with [MutexAt] or [InitMutexAt] in memory of your own. The object
// lies outside Go's memory; a Mutex is a handle for it. Any number of goroutines may use a handle
// at the same time. A mutex should have only one handle in a process: a handle knows only of locks
// taken through it.
//
// A goroutine that locks a Mutex is locked to its thread, as by [runtime.LockOSThread], until it
// unlocks the Mutex. A goroutine that waits blocks its thread. Fairness depends on the system.
//
// The thread owns the mutex. In any other goroutine Unlock returns EPERM and changes nothing, even
// where the library would not check the owner (TypeNormal).
//
// In the terms of [the Go memory model], unlock number n synchronizes before the return of lock
// number m for every n < m, if both go through the same handle: the race detector sees exactly this
// order. A call that does not acquire the lock establishes no order.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex struct {
	_ noCopy
	o *object
}

// NewMutex returns an unlocked mutex in memory of the C library. A nil attr means the system's
// defaults.
//
//	pthread_mutex_init(calloc(...), attr)
//
// The memory is freed when the Mutex is collected as garbage, after [Mutex.Destroy] or with
// it, unless it is locked then. C code must not use the object longer than the Mutex lives: see
// [runtime.KeepAlive].
//
// Errors: EINVAL for attributes that contradict each other, ENOTSUP for those that the system
// cannot combine, EAGAIN and ENOMEM; and those of [Load].
func NewMutex(attr *MutexAttr) (*Mutex, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o, err := newObject(objectSize, mutexInit, a, 0)
	runtime.KeepAlive(attr)
	if err != nil {
		return nil, err
	}
	o.unchecked = attr.typeUnchecked()
	m := &Mutex{o: o}
	return watch(m, o, mutexDestroy), nil
}

// MutexAt returns a handle for the mutex at p, which must already have been made, by C code,
// another process that maps the same memory, or InitMutexAt. p must stay valid for as long as the
// handle is used, and must be aligned as [SizeOf] says. Do not use Go's own memory: a stack moves,
// and the kernel keeps the addresses of robust mutexes and of those with a protocol.
//
// If p cannot be valid, or there is no library, the first call of a method returns the error.
func MutexAt(p unsafe.Pointer) *Mutex { return &Mutex{o: objectAt(p, nil, 0, 0)} }

// InitMutexAt makes a mutex at p, in [Sizes].Mutex bytes, and returns a handle for it. The
// requirements of [MutexAt] on p apply, and the errors are those of [NewMutex]. Such a mutex is not
// destroyed automatically.
//
//	pthread_mutex_init(p, attr)
func InitMutexAt(p unsafe.Pointer, attr *MutexAttr) (*Mutex, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o := objectAt(p, mutexInit, a, 0)
	runtime.KeepAlive(attr)
	if o.err != nil {
		return nil, o.err
	}
	o.unchecked = attr.typeUnchecked()
	return &Mutex{o: o}, nil
}

// addr is attr.addr for attributes that may be nil.
func (a *MutexAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// typeUnchecked reports whether mutexes made with a do not check which thread unlocks them.
func (a *MutexAttr) typeUnchecked() bool {
	if a == nil {
		return system.types[TypeDefault] == system.types[TypeNormal]
	}
	t, err := a.Type()
	return err != nil || t != TypeErrorCheck && t != TypeRecursive
}

// Lock locks m, and locks the calling goroutine to its thread. It blocks until m is available.
//
//	pthread_mutex_lock(m)
//
// After nil and after [EOWNERDEAD] the caller holds m. After other errors it does not, and nothing
// has changed: EDEADLK for a second lock of a TypeErrorCheck mutex; EAGAIN for too many locks of a
// TypeRecursive one, or if the library has no memory to record the thread; [ENOTRECOVERABLE] for a
// robust one; and EINVAL for one of ProtocolProtect whose ceiling is below the priority of the
// caller, with glibc also if the caller is of SchedOther.
func (m *Mutex) Lock() error {
	err := m.o.lock(mutexLock)
	runtime.KeepAlive(m)
	return err
}

// TryLock is a [Mutex.Lock] that does not block: EBUSY means that m is locked.
//
//	pthread_mutex_trylock(m)
func (m *Mutex) TryLock() error {
	err := m.o.lock(mutexTryLock)
	runtime.KeepAlive(m)
	return err
}

// TimedLock is a [Mutex.Lock] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline.
// It locks a free mutex even after the deadline. macOS lacks it.
//
//	pthread_mutex_timedlock(m, &deadline)
func (m *Mutex) TimedLock(deadline Timespec) error {
	err := m.o.lockUntil(mutexTimedLock, nil, deadline)
	runtime.KeepAlive(m)
	return err
}

// ClockLock is a [Mutex.TimedLock] by the given clock. Only glibc has it, since 2.30.
//
//	pthread_mutex_clocklock(m, clock, &deadline)
func (m *Mutex) ClockLock(clock Clock, deadline Timespec) error {
	err := m.o.lockUntil(mutexClockLock, &clock, deadline)
	runtime.KeepAlive(m)
	return err
}

// Unlock undoes one lock of m, and the locking of the goroutine to its thread that came with it.
// It does not block.
//
//	pthread_mutex_unlock(m)
//
// It returns EPERM, and changes nothing, if the calling thread does not hold m. If C code has
// locked m on this thread, Unlock unlocks it if the library checks the owner, which it does not for
// TypeNormal.
func (m *Mutex) Unlock() error {
	err := m.o.unlock(mutexUnlock)
	runtime.KeepAlive(m)
	return err
}

// Consistent declares the data that m protects consistent again, after a lock that returned
// [EOWNERDEAD]. If the caller unlocks m without it, m can never be locked again: each attempt
// returns [ENOTRECOVERABLE]. Consistent returns EINVAL if m is not robust, or not inconsistent.
// macOS lacks it.
//
//	pthread_mutex_consistent(m)
func (m *Mutex) Consistent() error {
	defer runtime.KeepAlive(m)
	if err := m.o.usable(mutexConsistent); err != nil {
		return err
	}
	return check(mutexConsistent.do(m.o.addr, 0, 0))
}

// PrioCeiling returns the priority ceiling of m, or EINVAL if it is not one of ProtocolProtect.
//
//	pthread_mutex_getprioceiling(m, &ceiling)
func (m *Mutex) PrioCeiling() (int, error) {
	defer runtime.KeepAlive(m)
	if err := m.o.usable(mutexGetprioceiling); err != nil {
		return 0, err
	}
	v, e := mutexGetprioceiling.get(m.o.addr)
	return int(v), check(e)
}

// SetPrioCeiling sets the priority ceiling of m, and returns the old one. It locks m to do so, so
// it may block, and it returns the errors of Lock; EINVAL if m is not one of ProtocolProtect.
//
//	pthread_mutex_setprioceiling(m, priority, &old)
func (m *Mutex) SetPrioCeiling(priority int) (old int, err error) {
	defer runtime.KeepAlive(m)
	if err := m.o.usable(mutexSetprioceiling); err != nil {
		return 0, err
	}
	runtime.LockOSThread() // it locks and unlocks, by the calling thread
	defer runtime.UnlockOSThread()
	fr := newFrame()
	defer fr.free()
	fr.args = [4]uintptr{m.o.addr, uintptr(int32(priority)), fr.buffer()}
	e := fr.do(mutexSetprioceiling)
	return int(*fr.int(0)), check(e)
}

// Pointer returns the pthread_mutex_t, for code in C; nil after Destroy.
func (m *Mutex) Pointer() unsafe.Pointer { return m.o.pointer() }

// Destroy destroys the mutex. Each later call returns [ErrDestroyed], except Destroy, which does
// nothing. EBUSY means that m is locked, and was not destroyed.
//
//	pthread_mutex_destroy(m)
func (m *Mutex) Destroy() error {
	err := m.o.destroy(mutexDestroy)
	runtime.KeepAlive(m)
	return err
}
