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

// A Sem is a sem_t, a counting semaphore: a number that Post counts up, and Wait down, which waits while it is 0. No
// thread owns it: any thread may post, and a signal handler in C, too. So nothing here locks the goroutine to
// its thread.
//
// One without a name is made by [NewSem], or by [InitSemAt] or [SemAt] in memory of your own, as in a file
// mapped by several processes; macOS has none of these. [OpenSem] opens or makes one with a name, that
// all processes see.
//
// What [Mutex] says of handles, memory and the end of objects is true of it too. In the terms of the Go memory
// model a Post synchronizes before the return of the wait that it lets through, if both go through the same handle.
type Sem struct {
	_     noCopy
	o     *object
	named bool
}

// NewSem returns a semaphore of this process with the given value, in memory of the C library's; see [NewMutex].
//
//	sem_init(calloc(...), 0, value)
//
// EINVAL says that the value is more than SEM_VALUE_MAX: 2,147,483,647, and on NetBSD twice that. macOS has
// only semaphores with a name.
func NewSem(value uint32) (*Sem, error) {
	o, err := newObject(objectSize, semInit, 0, uintptr(value))
	if err != nil {
		return nil, err
	}
	return watch(&Sem{o: o}, o, semDestroy), nil
}

// SemAt returns a handle of the semaphore at p, which has been made already, by sem_init or sem_open; see
// [MutexAt]. macOS has none that lie in memory.
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

// Wait counts s down by one. It blocks its thread while s is 0. A signal that the thread handles meanwhile does not
// end it: Go's runtime sends signals of its own, so Wait calls sem_wait again after EINTR.
//
//	sem_wait(s)
func (s *Sem) Wait() error { return s.wait(semWait, 0, 0, Timespec{}) }

// TryWait is [Sem.Wait] and does not block: EAGAIN says that s is 0.
//
//	sem_trywait(s)
func (s *Sem) TryWait() error { return s.wait(semTrywait, 0, 0, Timespec{}) }

// TimedWait is [Sem.Wait] and gives up when [ClockRealtime] shows deadline, with ETIMEDOUT. A semaphore that is not
// 0 is counted down even after it. EINVAL says that the nanoseconds are not from 0 to 999,999,999, where glibc looks
// first, and others only if they have to wait. macOS lacks it.
//
//	sem_timedwait(s, &deadline)
func (s *Sem) TimedWait(deadline Timespec) error { return s.wait(semTimedwait, 1, 0, deadline) }

// ClockWait is [Sem.TimedWait] by a clock of choice. glibc has it, since 2.30, and FreeBSD, as
// sem_clockwait_np.
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

// wait calls f until no signal interrupts it. Its argument number at is the deadline, if that is not 0, after the
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

// clockwaitNP calls FreeBSD's function, which takes flags, here TIMER_ABSTIME, and would store the time that is left.
func clockwaitNP(addr, clock uintptr, deadline Timespec) errno {
	fr := newFrame()
	defer fr.free()
	if r, e := callErrno(semClockwaitNP, addr, clock, 1, fr.timespec(deadline, false), 0); int32(r) == -1 {
		return errno(e)
	}
	return 0
}

// Post counts s up by one, and wakes one of those who wait, if there is one: with Linux's normal scheduling any of
// them. It does not block.
//
//	sem_post(s)
//
// EOVERFLOW says that s is SEM_VALUE_MAX.
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

// Value returns the number that s was, a moment ago; 0 if threads wait. POSIX would allow the negative
// number of those, and no system here does so. It orders nothing. macOS lacks it.
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

// enter begins a call of f, or returns why that cannot be. Destroy refuses while a call blocks. The memory
// of a semaphore with a name goes with sem_close, so all its calls are counted, for the last one to close it.
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

// leave ends what enter began.
func (s *Sem) leave(blocks bool) {
	if (s.named || blocks) && s.o.use(-1) == 0 && s.named {
		_ = s.o.closeUnused()
	}
}

// Pointer returns the sem_t, for code in C; nil after Destroy or Close, and on macOS, where a sem_t * is no address:
// see [Sem.ID].
func (s *Sem) Pointer() unsafe.Pointer {
	if runtime.GOOS == "darwin" {
		return nil // a small number is no pointer to Go's runtime
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

// Destroy ends the life of a semaphore without a name; see [Mutex.Destroy]. EBUSY says that a thread waits through this
// handle. Destroy cannot see threads that wait through another handle, or in C, and they must not. The thread
// whose Wait the last Post has ended may call it, even if that Post has not returned yet. EINVAL says that s is from
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
