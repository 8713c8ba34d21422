// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"errors"
	"runtime"
	"strings"
	"unsafe"
)

var (
	threadSelf = symbol("pthread_self")
	equal      = symbol("pthread_equal")

	setnameNP = symbol("pthread_setname_np")
	getnameNP = symbol("pthread_getname_np")

	gettid        = symbol("gettid")                 // glibc 2.30, musl
	threadidNP    = symbol("pthread_threadid_np")    // macOS
	getthreadidNP = symbol("pthread_getthreadid_np") // FreeBSD
	lwpSelf       = symbol("_lwp_self")              // NetBSD

	setschedparam = symbol("pthread_setschedparam")
	getschedparam = symbol("pthread_getschedparam")
	setschedprio  = symbol("pthread_setschedprio")
	priorityMin   = symbol("sched_get_priority_min")
	priorityMax   = symbol("sched_get_priority_max")

	setaffinityNP = symbol("pthread_setaffinity_np")
	getaffinityNP = symbol("pthread_getaffinity_np")
)

// A Thread is a pthread_t, the identifier of a thread in this process. It is valid for as long as the thread lives; for
// Go's own threads only a goroutine that is locked to one, by [runtime.LockOSThread], can ensure that. After a thread
// has ended, its pthread_t can be that of a new one, or of none, and then a call with it can crash. The locks of this
// package do not use it.
type Thread struct{ id uintptr }

// Self returns the calling thread.
//
//	pthread_self()
func Self() (Thread, error) {
	if err := load(); err != nil {
		return Thread{}, err
	}
	return Thread{threadSelf.call(0, 0, 0, 0)}, nil
}

// ThreadOf returns the thread with the given pthread_t, which comes from C code.
func ThreadOf(id uintptr) Thread { return Thread{id} }

// ID returns the pthread_t, for code in C.
func (t Thread) ID() uintptr { return t.id }

// Equal reports whether t and u are the same thread.
//
//	pthread_equal(t, u)
func (t Thread) Equal(u Thread) (bool, error) {
	if err := t.usable(equal); err != nil {
		return false, err
	}
	return int32(equal.call(t.id, u.id, 0, 0)) != 0, nil
}

// usable returns an error if t is not a thread, or the system lacks f.
func (t Thread) usable(f *function) error {
	if err := load(); err != nil {
		return err
	}
	if t.id == 0 {
		return ErrNotMade
	}
	return f.missing()
}

// KernelID returns the system's number of the calling thread, which its tools also show. Linux and the BSDs reuse the
// number of a thread that has ended.
//
//	gettid(), pthread_threadid_np(NULL, &id), pthread_getthreadid_np(), _lwp_self()
func KernelID() (uint64, error) {
	if err := load(); err != nil {
		return 0, err
	}
	switch {
	case gettid.addr != 0:
		return uint64(uint32(gettid.call(0, 0, 0, 0))), nil
	case getthreadidNP.addr != 0:
		return uint64(uint32(getthreadidNP.call(0, 0, 0, 0))), nil
	case lwpSelf.addr != 0:
		return uint64(uint32(lwpSelf.call(0, 0, 0, 0))), nil
	case threadidNP.addr != 0:
		fr := newFrame()
		defer fr.free()
		fr.args = [4]uintptr{0, fr.buffer()}
		if e := fr.do(threadidNP); e != 0 {
			return 0, e
		}
		return fr.buf[0], nil
	default:
		return 0, unsupported(gettid.name)
	}
}

// percentS is the format "%s", for C.
var percentS = [3]byte{'%', 's'}

// SetName names the thread, for debuggers and similar tools. If the name is too long it returns ERANGE on Linux (16 bytes or more),
// ENAMETOOLONG on macOS (64 or more), and EINVAL on NetBSD (32 or more). It returns EINVAL if the name has a zero byte. On macOS a
// thread can name only itself; for others SetName returns an [errors.ErrUnsupported].
//
//	pthread_setname_np(t, name)
func (t Thread) SetName(name string) error {
	if err := t.usable(setnameNP); err != nil {
		return err
	}
	fr := newFrame()
	defer fr.free()
	buf := fr.bytes()
	if strings.IndexByte(name, 0) >= 0 {
		return EINVAL
	}
	buf[copy(buf[:len(buf)-1], name)] = 0 // the rest of a longer name is still too long
	fr.args = [4]uintptr{t.id, fr.buffer()}
	if runtime.GOOS == "netbsd" { // its second argument is a format, its third is for that
		fr.args = [4]uintptr{t.id, uintptr(unsafe.Pointer(&percentS)), fr.buffer()}
	}
	if runtime.GOOS == "darwin" {
		if t.id != threadSelf.call(0, 0, 0, 0) {
			return unsupported("pthread_setname_np of another thread")
		}
		fr.args = [4]uintptr{fr.buffer()}
		if e := fr.do(setnameNP); int32(e) != -1 {
			return check(e)
		}
		return tooLong // it has set errno, for the only reason that a caller can cause
	}
	return check(fr.do(setnameNP))
}

// Name returns the name of the thread.
//
//	pthread_getname_np(t, buf, size)
func (t Thread) Name() (string, error) {
	if err := t.usable(getnameNP); err != nil {
		return "", err
	}
	fr := newFrame()
	defer fr.free()
	clear(fr.buf[:])
	fr.args = [4]uintptr{t.id, fr.buffer(), uintptr(len(fr.bytes()))}
	if err := check(fr.do(getnameNP)); err != nil {
		return "", err
	}
	return fr.text(), nil
}

// A SchedPolicy is the policy by which the system chooses the threads that run.
type SchedPolicy int

// The policies that all systems have.
const (
	SchedOther SchedPolicy = iota // the usual one, which is fair
	SchedFIFO                     // the highest priority runs until it sleeps
	SchedRR                       // the same, and those of one priority take turns
)

// String returns the name of the policy.
func (p SchedPolicy) String() string {
	return nameOf(int(p), "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR")
}

func (p SchedPolicy) value() (uintptr, error) {
	return value(system.policies[:], int(p), p.String())
}

// PriorityRange returns the lowest and the highest priority of the policy.
//
//	sched_get_priority_min(p), sched_get_priority_max(p)
func (p SchedPolicy) PriorityRange() (lowest, highest int, err error) {
	if err := errors.Join(load(), priorityMin.missing(), priorityMax.missing()); err != nil {
		return 0, 0, err
	}
	v, err := p.value()
	if err != nil {
		return 0, 0, err
	}
	return int(int32(priorityMin.call(v, 0, 0, 0))), int(int32(priorityMax.call(v, 0, 0, 0))), nil
}

// SetSchedParam sets the policy and the priority of the thread. EPERM means that the caller lacks the privilege, EINVAL
// that the policy has no such priority.
//
//	pthread_setschedparam(t, policy, &priority)
func (t Thread) SetSchedParam(policy SchedPolicy, priority int) error {
	if err := t.usable(setschedparam); err != nil {
		return err
	}
	v, err := policy.value()
	if err != nil {
		return err
	}
	fr := newFrame()
	defer fr.free()
	clear(fr.buf[:])
	*fr.int(0) = int32(priority)
	fr.args = [4]uintptr{t.id, v, fr.buffer()}
	return check(fr.do(setschedparam))
}

// SchedParam returns the policy and the priority of the thread. The policy is -1 if it is not one of the constants
// above.
//
//	pthread_getschedparam(t, &policy, &priority)
func (t Thread) SchedParam() (policy SchedPolicy, priority int, err error) {
	if err := t.usable(getschedparam); err != nil {
		return 0, 0, err
	}
	fr := newFrame()
	defer fr.free()
	// The first word receives the policy, the second the struct sched_param.
	clear(fr.buf[:])
	fr.args = [4]uintptr{t.id, fr.buffer(), fr.buffer() + 8}
	if err := check(fr.do(getschedparam)); err != nil {
		return 0, 0, err
	}
	return SchedPolicy(index(system.policies[:], 0, *fr.int(0))), int(*fr.int(1)), nil
}

// SetSchedPrio sets the priority of the thread within its policy. macOS and musl before 1.1 lack it.
//
//	pthread_setschedprio(t, priority)
func (t Thread) SetSchedPrio(priority int) error {
	if err := t.usable(setschedprio); err != nil {
		return err
	}
	return check(setschedprio.do(t.id, uintptr(int32(priority)), 0))
}
