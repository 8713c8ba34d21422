// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

var (
	semInit      = symbol("sem_init").returning(setsErrno)
	semDestroy   = symbol("sem_destroy").returning(setsErrno)
	semWait      = symbol("sem_wait").returning(setsErrno)
	semTrywait   = symbol("sem_trywait").returning(setsErrno)
	semTimedwait = timedSymbol("sem_timedwait").returning(setsErrno)
	semClockwait = timedSymbol("sem_clockwait").returning(setsErrno)
	semPost      = symbol("sem_post").returning(setsErrno)
	semGetvalue  = symbol("sem_getvalue").returning(setsErrno)

	semClockwaitNP = symbol("sem_clockwait_np").returning(setsErrno) // FreeBSD
)

// A Sem is a sem_t, a counting semaphore: a number that Post increments and Wait decrements. Wait blocks while it is 0.
// No thread owns a semaphore: any thread may post, and so may a signal handler in C. So no method locks the goroutine
// to its thread.
//
// Make an unnamed one with [NewSem], or with [InitSemAt] or [SemAt] in memory of your own, such as a file mapped by
// several processes; macOS lacks these. [OpenSem] opens or makes a named one, which all processes see.
//
// The rules of [Mutex] for handles, memory and the end of objects apply to it, too. In the terms of the Go memory model
// a Post synchronizes before the return of the wait that it releases, if both go through the same handle.
type Sem struct {
	_     noCopy
	o     *object
	named bool
}

// NewSem returns a semaphore of this process with the given value, in memory of the C library's; see [NewMutex].
//
//	sem_init(calloc(...), 0, value)
//
// EINVAL means that the value is more than SEM_VALUE_MAX: 2,147,483,647, and on NetBSD twice that. macOS has only named
// semaphores.
func NewSem(value uint32) (*Sem, error) {
	o, err := newObject(objectSize, semInit, 0, uintptr(value))
	if err != nil {
		return nil, err
	}
	return watch(&Sem{o: o}, o, semDestroy), nil
}

// SemAt returns a handle for the semaphore at p, which must already have been made, by sem_init or sem_open; see
// [MutexAt]. macOS has no semaphores in memory.
func SemAt(p unsafe.Pointer) *Sem {
	o := objectAt(p, nil, 0, 0)
	if o.err == nil {
		o.err = semInit.missing()
		o.unusable.Store(o.err != nil)
	}
	return &Sem{o: o}
}

// InitSemAt makes a semaphore at p, in [Sizes].Sem bytes, for this process or for all that map it; see
// [InitMutexAt].
//
//	sem_init(p, shared, value)
func InitSemAt(p unsafe.Pointer, shared bool, value uint32) (*Sem, error) {
	o := objectAt(p, semInit, uintptr(truth(shared)), uintptr(value))
	if o.err != nil {
		return nil, o.err
	}
	return &Sem{o: o}, nil
}

// Wait decrements s. It blocks its thread while s is 0. A signal that the thread handles meanwhile does not end the
// wait: Go's runtime sends its own signals, so Wait calls sem_wait again after EINTR.
//
//	sem_wait(s)
func (s *Sem) Wait() error { return s.wait(semWait, 0, 0, Timespec{}) }

// TryWait is a [Sem.Wait] that does not block: EAGAIN means that s is 0.
//
//	sem_trywait(s)
func (s *Sem) TryWait() error { return s.wait(semTrywait, 0, 0, Timespec{}) }

// TimedWait is a [Sem.Wait] that gives up with ETIMEDOUT when [ClockRealtime] reaches deadline. It decrements a
// semaphore that is not 0 even after the deadline. EINVAL means that the nanoseconds are not from 0 to 999,999,999;
// glibc always checks them, others only if they have to wait. macOS lacks it.
//
//	sem_timedwait(s, &deadline)
func (s *Sem) TimedWait(deadline Timespec) error { return s.wait(semTimedwait, 1, 0, deadline) }

// ClockWait is a [Sem.TimedWait] by the given clock. glibc has it, since 2.30, and FreeBSD, as sem_clockwait_np.
//
//	sem_clockwait(s, clock, &deadline)
func (s *Sem) ClockWait(clock Clock, deadline Timespec) error {
	id, err := clock.id()
	if err != nil {
		return err
	}
	f := semClockwait
	if f.addr == 0 && semClockwaitNP.addr != 0 {
		f = semClockwaitNP
	}
	return s.wait(f, 2, id, deadline)
}

// wait calls f until no signal interrupts it. If at is not 0, the argument with that index is the deadline, after the
// argument second.
func (s *Sem) wait(f *function, at int, second uintptr, deadline Timespec) error {
	if err := s.enter(f, f != semTrywait); err != nil {
		return err
	}
	e := interrupted
	for e == interrupted {
		switch {
		case at == 0:
			e = f.do(s.o.addr, 0, 0)
		case f == semClockwaitNP:
			e = clockwaitNP(s.o.addr, second, deadline)
		default:
			e = f.until(deadline, at, s.o.addr, second, 0)
		}
	}
	if e == 0 {
		race.Acquire(unsafe.Pointer(s.o))
	}
	s.leave(f != semTrywait)
	runtime.KeepAlive(s)
	return check(e)
}

// clockwaitNP calls FreeBSD's function, which takes flags, here TIMER_ABSTIME, and would store the remaining time.
func clockwaitNP(addr, clock uintptr, deadline Timespec) errno {
	fr := newFrame()
	defer fr.free()
	if r, e := callErrno(semClockwaitNP, addr, clock, 1, fr.timespec(deadline, false), 0); int32(r) == -1 {
		return errno(e)
	}
	return 0
}

// Post increments s, and wakes one waiting thread, if there is any; with Linux's normal scheduling it can be any of
// them. It does not block.
//
//	sem_post(s)
//
// EOVERFLOW means that s is SEM_VALUE_MAX.
func (s *Sem) Post() error {
	if err := s.enter(semPost, false); err != nil {
		return err
	}
	race.ReleaseMerge(unsafe.Pointer(s.o))
	e := semPost.do(s.o.addr, 0, 0)
	s.leave(false)
	runtime.KeepAlive(s)
	return check(e)
}

// Value returns a recent value of s; 0 if threads wait. POSIX would also allow the negated number of waiters, but no
// system here returns that. Value establishes no order. macOS lacks it.
//
//	sem_getvalue(s, &value)
func (s *Sem) Value() (int, error) {
	if err := s.enter(semGetvalue, false); err != nil {
		return 0, err
	}
	v, e := semGetvalue.get(s.o.addr)
	s.leave(false)
	runtime.KeepAlive(s)
	return int(v), check(e)
}

// enter begins a call of f, or returns an error if the call is impossible. Destroy fails while a call blocks. sem_close
// frees the memory of a named semaphore, so all its calls are counted, and the last one closes it.
func (s *Sem) enter(f *function, blocks bool) error {
	if s.o != nil && (s.named || blocks) {
		s.o.use(1)
	}
	if err := s.o.usable(f); err != nil {
		if s.o != nil {
			s.leave(blocks)
		}
		return err
	}
	return nil
}

// leave ends the call that enter began.
func (s *Sem) leave(blocks bool) {
	if (s.named || blocks) && s.o.use(-1) == 0 && s.named {
		_ = s.o.closeUnused()
	}
}

// Pointer returns the sem_t, for code in C; nil after Destroy or Close, and on macOS, where a sem_t * is not an
// address: see [Sem.ID].
func (s *Sem) Pointer() unsafe.Pointer {
	if runtime.GOOS == "darwin" {
		return nil // Go's runtime does not accept a small number as a pointer
	}
	return s.o.pointer()
}

// ID returns the sem_t * as a number, for code in C: an address, or on macOS a file descriptor. It is 0 after Destroy or
// Close, on macOS -1.
func (s *Sem) ID() uintptr {
	if s.o == nil || s.o.unusable.Load() {
		return semFailed()
	}
	return s.o.addr
}

// Destroy destroys an unnamed semaphore; see [Mutex.Destroy]. EBUSY means that a thread waits through this handle.
// Destroy cannot see threads that wait through another handle, or in C; there must not be any. The thread whose Wait
// was ended by the last Post may call it, even if that Post has not returned yet. EINVAL means that s is from
// [OpenSem].
//
//	sem_destroy(s)
func (s *Sem) Destroy() error {
	if s.named {
		return EINVAL
	}
	err := s.o.destroy(semDestroy)
	runtime.KeepAlive(s)
	return err
}
