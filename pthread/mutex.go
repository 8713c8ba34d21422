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
// lies outside of Go's memory; a Mutex is a handle of it. Any number of goroutines may use one
// handle at once. A mutex should have one handle in a process: only what is locked through
// a handle is known to it.
//
// Whoever locks a Mutex is locked to its thread, as by [runtime.LockOSThread], until it
// unlocks it. A goroutine that waits blocks its thread. Fairness is the system's.
//
// The thread owns the mutex. Unlock in any other goroutine is EPERM and changes nothing, also
// where the library would not look (TypeNormal).
//
// In the terms of [the Go memory model], unlock number n synchronizes before the return of lock
// number m for every n < m, if both go through the same handle: that is what the race detector
// knows of. A call that does not get the lock orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex struct {
	_ noCopy
	o *object
}

// NewMutex returns an unlocked mutex in memory of the C library's. A nil attr stands for the
// system's defaults.
//
//	pthread_mutex_init(calloc(...), attr)
//
// The memory is freed when the Mutex is collected as garbage, after [Mutex.Destroy] or with
// it, unless it is locked then. Code in C that uses the object must not outlive the Mutex: see
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

// MutexAt returns a handle of the mutex at p, which has been made already, by code in C, another
// process that maps the same memory, or InitMutexAt. p must stay valid for as long as the
// handle is used, and aligned as [SizeOf] says. Go's own memory is not for it: not on a stack,
// which moves, and not for robust mutexes or those with a protocol, whose addresses the
// kernel keeps.
//
// If p cannot be right, or there is no library, the first call of a method says so.
func MutexAt(p unsafe.Pointer) *Mutex { return &Mutex{o: objectAt(p, nil, 0, 0)} }

// InitMutexAt makes a mutex at p, in [Sizes].Mutex bytes, and returns a handle of it. What
// [MutexAt] says of p and [NewMutex] of errors is true of it. Nobody destroys such a mutex by
// itself.
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

// typeUnchecked reports whether mutexes made with a do not look who unlocks them.
func (a *MutexAttr) typeUnchecked() bool {
	if a == nil {
		return system.types[TypeDefault] == system.types[TypeNormal]
	}
	t, err := a.Type()
	return err != nil || t != TypeErrorCheck && t != TypeRecursive
}

// Lock locks m and the calling goroutine to its thread. It blocks until it can.
//
//	pthread_mutex_lock(m)
//
// With nil and with [EOWNERDEAD] the caller holds m, with other errors not, and nothing has
// changed: EDEADLK for a second lock of a TypeErrorCheck mutex, EAGAIN for too many of a
// TypeRecursive one and if the library has no memory to remember the thread, [ENOTRECOVERABLE] for
// a robust one, and for one of ProtocolProtect EINVAL if its ceiling is below the priority of the
// caller, with glibc also if the caller is of SchedOther.
func (m *Mutex) Lock() error {
	err := m.o.lock(mutexLock)
	runtime.KeepAlive(m)
	return err
}

// TryLock is [Mutex.Lock] and does not block: EBUSY says that m is locked.
//
//	pthread_mutex_trylock(m)
func (m *Mutex) TryLock() error {
	err := m.o.lock(mutexTryLock)
	runtime.KeepAlive(m)
	return err
}

// TimedLock is [Mutex.Lock] and gives up when [ClockRealtime] shows deadline, with ETIMEDOUT.
// A mutex that is free is locked even after it. macOS lacks it.
//
//	pthread_mutex_timedlock(m, &deadline)
func (m *Mutex) TimedLock(deadline Timespec) error {
	err := m.o.lockUntil(mutexTimedLock, nil, deadline)
	runtime.KeepAlive(m)
	return err
}

// ClockLock is [Mutex.TimedLock] by a clock of choice. Only glibc has it, since 2.30.
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
// It returns EPERM, and changes nothing, if the calling thread does not hold m. If code in C has
// locked m on this thread, Unlock unlocks it where the library looks who does that, which it
// does not for TypeNormal.
func (m *Mutex) Unlock() error {
	err := m.o.unlock(mutexUnlock)
	runtime.KeepAlive(m)
	return err
}

// Consistent says that what m protects is in order again, after a lock that returned
// [EOWNERDEAD]. If the caller unlocks m without it, m can never be locked again: each try
// returns [ENOTRECOVERABLE]. It returns EINVAL if m is not robust, or in order. macOS lacks it.
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

// SetPrioCeiling sets the priority ceiling of m, and returns the old one. It locks m for that,
// so it may block, and it returns what Lock does; EINVAL if m is not one of ProtocolProtect.
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

// Destroy ends the life of the mutex; each later call returns [ErrDestroyed], but for Destroy,
// which does nothing. EBUSY says that m is locked, and lives on.
//
//	pthread_mutex_destroy(m)
func (m *Mutex) Destroy() error {
	err := m.o.destroy(mutexDestroy)
	runtime.KeepAlive(m)
	return err
}
