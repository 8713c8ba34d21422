// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"math"
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

var (
	condattrInit       = symbol("pthread_condattr_init")
	condattrDestroy    = symbol("pthread_condattr_destroy")
	condattrSetclock   = symbol("pthread_condattr_setclock")
	condattrGetclock   = symbol("pthread_condattr_getclock")
	condattrSetpshared = symbol("pthread_condattr_setpshared")
	condattrGetpshared = symbol("pthread_condattr_getpshared")

	condInit                = symbol("pthread_cond_init")
	condDestroy             = symbol("pthread_cond_destroy")
	condWait                = symbol("pthread_cond_wait")
	condTimedwait           = timedSymbol("pthread_cond_timedwait")
	condClockwait           = timedSymbol("pthread_cond_clockwait")
	condTimedwaitRelativeNP = timedSymbol("pthread_cond_timedwait_relative_np")
	condSignal              = symbol("pthread_cond_signal")
	condBroadcast           = symbol("pthread_cond_broadcast")
)

// A CondAttr holds the attributes of a condition variable to be made. Once the condition variable is made, the
// attributes can be changed or destroyed. A CondAttr must not be used by several goroutines at the same time.
type CondAttr struct{ attr }

// NewCondAttr returns attributes with the system's defaults.
func NewCondAttr() (*CondAttr, error) {
	a := new(CondAttr)
	if err := newAttr(&a.attr, condattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, condattrDestroy), nil
}

// SetClock sets the clock of [Cond.TimedWait]. The default is ClockRealtime. macOS lacks it.
func (a *CondAttr) SetClock(c Clock) error {
	return a.setIn(condattrSetclock, system.clocks[:], int(c), c.String())
}

// Clock returns the clock of [Cond.TimedWait].
func (a *CondAttr) Clock() (Clock, error) {
	i, err := a.getIn(condattrGetclock, system.clocks[:], 0)
	return Clock(i), err
}

// SetPShared sets whether the condition variable works between processes that map its memory.
func (a *CondAttr) SetPShared(shared bool) error { return a.setShared(condattrSetpshared, shared) }

// PShared reports whether the condition variable works between processes.
func (a *CondAttr) PShared() (bool, error) { return a.shared(condattrGetpshared) }

// Destroy destroys the attributes, but not the condition variables made with them. Further calls do nothing.
func (a *CondAttr) Destroy() error { return a.o.destroy(condattrDestroy) }

func (a *CondAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// A Cond is a pthread_cond_t, a condition variable: threads wait for it, with a [Mutex], until another thread signals
// that the condition may have changed. A wake-up can be spurious, so call Wait in a loop.
//
// The rules of Mutex for handles, memory and the end of objects apply to it, too. Threads that wait at the same time
// must all pass the same mutex. A Cond orders memory only through the mutex.
//
// In glibc 2.25 to 2.40 a Signal can, rarely, be lost, so that a waiter stays asleep (sourceware bug 25847). It is
// fixed in 2.41 and, since 2025, in the release branches of 2.38, 2.39 and 2.40, from which distributions update their
// packages; [Version] does not show that. A wait with a deadline, in a loop, bounds the delay.
type Cond struct {
	_ noCopy
	o *object
}

// NewCond returns a condition variable in memory of the C library's; see [NewMutex].
//
//	pthread_cond_init(calloc(...), attr)
func NewCond(attr *CondAttr) (*Cond, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o, err := newObject(objectSize, condInit, a, 0)
	runtime.KeepAlive(attr)
	if err != nil {
		return nil, err
	}
	return watch(&Cond{o: o}, o, condDestroy), nil
}

// CondAt returns a handle for the condition variable at p; see [MutexAt].
func CondAt(p unsafe.Pointer) *Cond { return &Cond{o: objectAt(p, nil, 0, 0)} }

// InitCondAt makes a condition variable at p, in [Sizes].Cond bytes; see [InitMutexAt].
//
//	pthread_cond_init(p, attr)
func InitCondAt(p unsafe.Pointer, attr *CondAttr) (*Cond, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o := objectAt(p, condInit, a, 0)
	runtime.KeepAlive(attr)
	if o.err != nil {
		return nil, o.err
	}
	return &Cond{o: o}, nil
}

// Wait unlocks m, waits until it is woken, and locks m again. The caller must have locked m exactly once. The goroutine
// stays locked to its thread.
//
//	pthread_cond_wait(c, m)
//
// The caller holds m on return, even with an error, except [ENOTRECOVERABLE]. EPERM means that the caller did not hold
// m before, EINVAL that it had locked m more than once; [EOWNERDEAD] has the same meaning as for [Mutex.Lock].
func (c *Cond) Wait(m *Mutex) error {
	return c.wait(m, condWait, func(f *function, m uintptr) errno { return f.do(c.o.addr, m, 0) })
}

// TimedWait is a [Cond.Wait] that gives up with ETIMEDOUT when the clock of c reaches deadline.
//
//	pthread_cond_timedwait(c, m, &deadline)
func (c *Cond) TimedWait(m *Mutex, deadline Timespec) error {
	return c.wait(m, condTimedwait, func(f *function, m uintptr) errno {
		return f.until(deadline, 2, c.o.addr, m, 0)
	})
}

// ClockWait is a [Cond.TimedWait] by the given clock. Only glibc has it, since 2.30.
//
//	pthread_cond_clockwait(c, m, clock, &deadline)
func (c *Cond) ClockWait(m *Mutex, clock Clock, deadline Timespec) error {
	id, err := clock.id()
	if err != nil {
		return err
	}
	return c.wait(m, condClockwait, func(f *function, m uintptr) errno {
		return f.until(deadline, 3, c.o.addr, m, id)
	})
}

// TimedWaitRelativeNP is a [Cond.Wait] that gives up with ETIMEDOUT after d. Only macOS has it, for waits by a clock
// that cannot be set.
//
//	pthread_cond_timedwait_relative_np(c, m, &d)
func (c *Cond) TimedWaitRelativeNP(m *Mutex, d time.Duration) error {
	limit := Timespec{}.Add(max(d, 0))
	return c.wait(m, condTimedwaitRelativeNP, func(f *function, m uintptr) errno {
		return f.until(limit, 2, c.o.addr, m, 0)
	})
}

// wait calls f through call. f unlocks m for a while.
func (c *Cond) wait(m *Mutex, f *function, call func(f *function, m uintptr) errno) error {
	err := c.o.waitWith(m.o, mutexUnlock, f, call)
	runtime.KeepAlive(c)
	runtime.KeepAlive(m)
	return err
}

// waitWith calls f through call, for the condition variable o and the mutex m, which unlock unlocks.
func (o *object) waitWith(m *object, unlock, f *function, call func(f *function, m uintptr) errno) error {
	if err := o.usable(f); err != nil {
		return err
	}
	if err := m.usable(unlock); err != nil {
		return err
	}
	owner, err := m.ownerHere()
	defer runtime.UnlockOSThread()
	switch {
	case err != nil:
		return err
	case owner != 0 && m.depth > 1:
		return EINVAL
	case owner == 0 && runtime.GOOS == "darwin" && !m.held():
		return EPERM // macOS would leave a waiter behind, which gets the next Signal
	}
	o.waits.begin()
	m.release(owner)
	e := call(f, m.addr)
	o.waits.end(e == 0 || e == EOWNERDEAD || e == ENOTRECOVERABLE)
	return m.reacquire(owner, e)
}

// held reports whether any thread holds o, a mutex that is not locked through its handle. It tries the lock on a thread
// other than the caller's, so that it also finds a recursive mutex of the caller locked.
func (o *object) held() bool {
	locked := make(chan bool)
	go func() {
		runtime.LockOSThread() // the caller is locked to its own thread
		defer runtime.UnlockOSThread()
		e := mutexTryLock.do(o.addr, 0, 0)
		if e == 0 {
			mutexUnlock.do(o.addr, 0, 0)
		}
		locked <- e != 0
	}()
	return <-locked
}

// release records that the owner of o is about to unlock it in a wait. An owner of 0 means C code.
func (o *object) release(owner uintptr) {
	if owner != 0 {
		o.depth = 0
		o.owner.Store(0)
		race.Release(unsafe.Pointer(o))
	}
}

// reacquire records that the wait has ended with e, and that the owner holds o again, as it does after all errors but
// one.
func (o *object) reacquire(owner uintptr, e errno) error {
	switch {
	case owner == 0:
	case e != 0 && e == ENOTRECOVERABLE:
		o.lost.Store(true)
		runtime.UnlockOSThread()
	default:
		race.Acquire(unsafe.Pointer(o))
		o.owner.Store(owner)
		o.depth = 1
		race.Release(unsafe.Pointer(o)) // as in locked
	}
	return check(e)
}

// Signal wakes one waiting thread, if there is any. It does not block. The caller may hold the mutex, but need not.
//
//	pthread_cond_signal(c)
func (c *Cond) Signal() error { return c.wake(condSignal, 1) }

// Broadcast wakes all waiting threads. It does not block. The caller may hold the mutex, but need not.
//
//	pthread_cond_broadcast(c)
func (c *Cond) Broadcast() error { return c.wake(condBroadcast, math.MaxUint32) }

func (c *Cond) wake(f *function, most uint32) error {
	err := c.o.wake(f, most)
	runtime.KeepAlive(c)
	return err
}

// wake calls f, which wakes up to most waiters of the condition variable.
func (o *object) wake(f *function, most uint32) error {
	if err := o.usable(f); err != nil {
		return err
	}
	o.waits.wake(most) // before f wakes them, so that they find themselves counted when they leave
	return check(f.do(o.addr, 0, 0))
}

// Pointer returns the pthread_cond_t, for code in C; nil after Destroy.
func (c *Cond) Pointer() unsafe.Pointer { return c.o.pointer() }

// Destroy destroys the condition variable; see [Mutex.Destroy]. It may be called as soon as all waiters have been
// woken, for instance by a Broadcast, and the mutex is unlocked. It blocks until the library is done with the waiters
// that are returning. Wait must not be called again.
//
//	pthread_cond_destroy(c)
//
// EBUSY means that a thread waits through this handle that no Signal or Broadcast through it has woken. Destroy cannot
// see threads that wait through another handle, or in C: with glibc it then blocks until they are woken.
func (c *Cond) Destroy() error {
	err := c.o.destroy(condDestroy)
	runtime.KeepAlive(c)
	return err
}
