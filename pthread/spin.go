// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"
)

var (
	spinInit    = symbol("pthread_spin_init")
	spinDestroy = symbol("pthread_spin_destroy")
	spinLock    = symbol("pthread_spin_lock")
	spinTrylock = symbol("pthread_spin_trylock")
	spinUnlock  = symbol("pthread_spin_unlock")
)

// A Spin is a pthread_spinlock_t, a lock whose waiters keep their processors busy. macOS lacks
// it.
//
// The rules of [Mutex] for handles, memory, threads and the end of objects apply to it, too. A
// thread that holds it can be preempted, by the system and by Go, while others burn their time:
// hold it for a few instructions only, with no call in between. It exists for programs that share a
// spin lock with C code.
type Spin struct {
	_ noCopy
	o *object
}

// NewSpin returns an unlocked spin lock in memory of the C library's; see [NewMutex].
//
//	pthread_spin_init(calloc(...), PTHREAD_PROCESS_PRIVATE)
func NewSpin() (*Spin, error) {
	o, err := newObject(objectSize, spinInit, pshared(false), 0)
	if err != nil {
		return nil, err
	}
	o.unchecked = true
	return watch(&Spin{o: o}, o, spinDestroy), nil
}

// SpinAt returns a handle for the spin lock at p; see [MutexAt].
func SpinAt(p unsafe.Pointer) *Spin { return &Spin{o: objectAt(p, nil, 0, 0)} }

// InitSpinAt makes a spin lock at p, in [Sizes].Spin bytes, for this process or for all that map
// it; see [InitMutexAt].
//
//	pthread_spin_init(p, shared)
func InitSpinAt(p unsafe.Pointer, shared bool) (*Spin, error) {
	o := objectAt(p, spinInit, pshared(shared), 0)
	if o.err != nil {
		return nil, o.err
	}
	o.unchecked = true
	return &Spin{o: o}, nil
}

// pshared returns the system's number of PTHREAD_PROCESS_SHARED or of _PRIVATE.
func pshared(shared bool) uintptr { return uintptr(system.pshared[truth(shared)]) }

// Lock locks l, and locks the calling goroutine to its thread. It spins until l is available. If the
// calling thread already holds l, Lock spins forever on Linux.
//
//	pthread_spin_lock(l)
func (l *Spin) Lock() error {
	err := l.o.lock(spinLock)
	runtime.KeepAlive(l)
	return err
}

// TryLock is a [Spin.Lock] that does not wait: EBUSY means that l is locked.
//
//	pthread_spin_trylock(l)
func (l *Spin) TryLock() error {
	err := l.o.lock(spinTrylock)
	runtime.KeepAlive(l)
	return err
}

// Unlock undoes Lock. It does not block. EPERM means that the calling thread does not hold l.
//
//	pthread_spin_unlock(l)
func (l *Spin) Unlock() error {
	err := l.o.unlock(spinUnlock)
	runtime.KeepAlive(l)
	return err
}

// Pointer returns the pthread_spinlock_t, for code in C; nil after Destroy.
func (l *Spin) Pointer() unsafe.Pointer { return l.o.pointer() }

// Destroy destroys the lock; see [Mutex.Destroy].
//
//	pthread_spin_destroy(l)
func (l *Spin) Destroy() error {
	err := l.o.destroy(spinDestroy)
	runtime.KeepAlive(l)
	return err
}
