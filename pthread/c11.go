// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"math"
	"runtime"
	"slices"
	"unsafe"
)

var (
	mtxInit      = symbol("mtx_init").returning(isThrd)
	mtxDestroy   = symbol("mtx_destroy").returning(isNothing)
	mtxLock      = symbol("mtx_lock").returning(isThrd)
	mtxTrylock   = symbol("mtx_trylock").returning(isThrd)
	mtxTimedlock = timedSymbol("mtx_timedlock").returning(isThrd)
	mtxUnlock    = symbol("mtx_unlock").returning(isThrd)

	cndInit      = symbol("cnd_init").returning(isThrd)
	cndDestroy   = symbol("cnd_destroy").returning(isNothing)
	cndWait      = symbol("cnd_wait").returning(isThrd)
	cndTimedwait = timedSymbol("cnd_timedwait").returning(isThrd)
	cndSignal    = symbol("cnd_signal").returning(isThrd)
	cndBroadcast = symbol("cnd_broadcast").returning(isThrd)
)

// thrdErrno returns the errno that corresponds to the result of a C11 function. thrd_error gives no reason.
func (p *platform) thrdErrno(r int32) errno {
	switch slices.Index(p.thrd[:], r) {
	case 0:
		return 0
	case 1:
		return EBUSY
	case 3:
		return noMemory
	case 4:
		return ETIMEDOUT
	default:
		return EINVAL
	}
}

// A MtxType is the set of capabilities of a [Mtx].
type MtxType int

// The types of C11 mutexes. MtxRecursive is added to one of the others.
const (
	MtxPlain     MtxType = 0
	MtxTimed     MtxType = 1 // has TimedLock
	MtxRecursive MtxType = 2 // its owner may lock it repeatedly, and must unlock it as often
)

// String returns the name of the type.
func (t MtxType) String() string {
	return nameOf(int(t), "mtx_plain", "mtx_timed", "mtx_plain|mtx_recursive", "mtx_timed|mtx_recursive")
}

// value returns the system's number of t.
func (t MtxType) value() (uintptr, error) {
	if err := load(); err != nil {
		return 0, err
	}
	if err := mtxInit.missing(); err != nil {
		return 0, err
	}
	return system.mtxType(t)
}

func (p *platform) mtxType(t MtxType) (uintptr, error) {
	v, err := value(p.mtx[:2], int(t&^MtxRecursive), t.String())
	if err != nil || t&MtxRecursive == 0 {
		return v, err
	}
	return v | uintptr(p.mtx[2]), nil
}

// A Mtx is a mtx_t, the mutex of C11's <threads.h>, which a thread owns. glibc has it since 2.28, NetBSD since 9, musl
// in all versions; FreeBSD has it in libstdthreads, where it is found if the program has loaded that library. macOS
// lacks it.
//
// The rules of [Mutex] for handles, memory, threads, the end of objects and the order of memory apply to it, too. C11
// has no errors but EBUSY, ETIMEDOUT, ENOMEM, and thrd_error, which gives no reason and is EINVAL here.
//
// In each of these libraries, call_once and tss_t of <threads.h> are pthread_once and pthread_key_t under other names:
// see [Once] and [Key].
type Mtx struct {
	_ noCopy
	o *object
}

// NewMtx returns an unlocked mutex in memory of the C library; see [NewMutex].
//
//	mtx_init(calloc(...), t)
func NewMtx(t MtxType) (*Mtx, error) {
	v, err := t.value()
	if err != nil {
		return nil, err
	}
	o, err := newObject(objectSize, mtxInit, v, 0)
	if err != nil {
		return nil, err
	}
	o.unchecked = true
	return watch(&Mtx{o: o}, o, mtxDestroy), nil
}

// MtxAt returns a handle for the mutex at p; see [MutexAt].
func MtxAt(p unsafe.Pointer) *Mtx { return &Mtx{o: objectAt(p, nil, 0, 0)} }

// InitMtxAt makes a mutex at p, in [Sizes].Mtx bytes; see [InitMutexAt].
//
//	mtx_init(p, t)
func InitMtxAt(p unsafe.Pointer, t MtxType) (*Mtx, error) {
	v, err := t.value()
	if err != nil {
		return nil, err
	}
	o := objectAt(p, mtxInit, v, 0)
	if o.err != nil {
		return nil, o.err
	}
	o.unchecked = true
	return &Mtx{o: o}, nil
}

// Lock locks m, and locks the calling goroutine to its thread. It blocks until m is available: forever if the calling
// thread holds m and m is not recursive.
//
//	mtx_lock(m)
func (m *Mtx) Lock() error {
	err := m.o.lock(mtxLock)
	runtime.KeepAlive(m)
	return err
}

// TryLock is a [Mtx.Lock] that does not block: EBUSY means that m is locked.
//
//	mtx_trylock(m)
func (m *Mtx) TryLock() error {
	err := m.o.lock(mtxTrylock)
	runtime.KeepAlive(m)
	return err
}

// TimedLock is a [Mtx.Lock] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline, a time by TIME_UTC. It
// is for MtxTimed, but the libraries accept all types.
//
//	mtx_timedlock(m, &deadline)
func (m *Mtx) TimedLock(deadline Timespec) error {
	err := m.o.lockUntil(mtxTimedlock, nil, deadline)
	runtime.KeepAlive(m)
	return err
}

// Unlock undoes one lock of m, and the locking of the goroutine to its thread that came with it. It does not
// block. EPERM means that the calling thread does not hold m, and that nothing has changed. With [MtxAt], where C code
// may hold m on this thread, the library decides, and it checks the owner only if m is recursive: it then returns
// thrd_error, or, in musl, EPERM, whose number is that of thrd_busy, so that the error is EBUSY.
//
//	mtx_unlock(m)
func (m *Mtx) Unlock() error {
	err := m.o.unlock(mtxUnlock)
	runtime.KeepAlive(m)
	return err
}

// Pointer returns the mtx_t, for code in C; nil after Destroy.
func (m *Mtx) Pointer() unsafe.Pointer { return m.o.pointer() }

// Destroy destroys the mutex; see [Mutex.Destroy].
//
//	mtx_destroy(m)
func (m *Mtx) Destroy() error {
	err := m.o.destroy(mtxDestroy)
	runtime.KeepAlive(m)
	return err
}

// A Cnd is a cnd_t, the condition variable of C11's <threads.h>, for a [Mtx]. The rules of [Cond] apply to it, too, and
// those of Mtx for systems and errors.
type Cnd struct {
	_ noCopy
	o *object
}

// NewCnd returns a condition variable in memory of the C library; see [NewMutex].
//
//	cnd_init(calloc(...))
func NewCnd() (*Cnd, error) {
	o, err := newObject(objectSize, cndInit, 0, 0)
	if err != nil {
		return nil, err
	}
	return watch(&Cnd{o: o}, o, cndDestroy), nil
}

// CndAt returns a handle for the condition variable at p; see [MutexAt].
func CndAt(p unsafe.Pointer) *Cnd { return &Cnd{o: objectAt(p, nil, 0, 0)} }

// InitCndAt makes a condition variable at p, in [Sizes].Cnd bytes; see [InitMutexAt].
//
//	cnd_init(p)
func InitCndAt(p unsafe.Pointer) (*Cnd, error) {
	o := objectAt(p, cndInit, 0, 0)
	if o.err != nil {
		return nil, o.err
	}
	return &Cnd{o: o}, nil
}

// Wait unlocks m, waits until it is woken, and locks m again; see [Cond.Wait].
//
//	cnd_wait(c, m)
//
// EPERM means that the caller did not hold m, EINVAL that it had locked m more than once.
func (c *Cnd) Wait(m *Mtx) error {
	return c.wait(m, cndWait, func(f *function, m uintptr) errno { return f.do(c.o.addr, m, 0) })
}

// TimedWait is a [Cnd.Wait] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline.
//
//	cnd_timedwait(c, m, &deadline)
func (c *Cnd) TimedWait(m *Mtx, deadline Timespec) error {
	return c.wait(m, cndTimedwait, func(f *function, m uintptr) errno {
		return f.until(deadline, 2, c.o.addr, m, 0)
	})
}

func (c *Cnd) wait(m *Mtx, f *function, call func(f *function, m uintptr) errno) error {
	err := c.o.waitWith(m.o, mtxUnlock, f, call)
	runtime.KeepAlive(c)
	runtime.KeepAlive(m)
	return err
}

// Signal wakes one waiting thread, if there is any; see [Cond.Signal].
//
//	cnd_signal(c)
func (c *Cnd) Signal() error { return c.wake(cndSignal, 1) }

// Broadcast wakes all waiting threads; see [Cond.Broadcast].
//
//	cnd_broadcast(c)
func (c *Cnd) Broadcast() error { return c.wake(cndBroadcast, math.MaxUint32) }

func (c *Cnd) wake(f *function, most uint32) error {
	err := c.o.wake(f, most)
	runtime.KeepAlive(c)
	return err
}

// Pointer returns the cnd_t, for code in C; nil after Destroy.
func (c *Cnd) Pointer() unsafe.Pointer { return c.o.pointer() }

// Destroy destroys the condition variable; see [Cond.Destroy].
//
//	cnd_destroy(c)
func (c *Cnd) Destroy() error {
	err := c.o.destroy(cndDestroy)
	runtime.KeepAlive(c)
	return err
}
