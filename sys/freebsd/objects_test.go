// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/freebsd"
	"golang.org/x/sys/unix"
)

func TestMutex(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, flags := range []uint32{0, freebsd.UMUTEX_PRIO_INHERIT, freebsd.USYNC_PROCESS_SHARED, freebsd.UMUTEX_ROBUST} {
		m := (*freebsd.Umutex)(mapped(t, int(unsafe.Sizeof(freebsd.Umutex{})), unix.MAP_SHARED))
		m.Flags = flags
		want(t, "UmtxMutexUnlock of a free mutex", freebsd.UmtxMutexUnlock(m), syscall.EPERM)
		want(t, "UmtxMutexTrylock", freebsd.UmtxMutexTrylock(m), nil)
		if got := m.Owner.Load(); got != uint32(freebsd.ThrSelf()) {
			t.Errorf("the word is %#x, want the id of the thread, %#x", got, freebsd.ThrSelf())
		}
		var other error
		<-start(func() error { other = freebsd.UmtxMutexTrylock(m); return nil }).over
		want(t, "UmtxMutexTrylock by another thread", other, syscall.EBUSY)
		<-start(func() error { other = freebsd.UmtxMutexUnlock(m); return nil }).over
		want(t, "UmtxMutexUnlock by another thread", other, syscall.EPERM)
		<-start(func() error { other = freebsd.UmtxMutexLock(m, in(0)); return nil }).over
		want(t, "UmtxMutexLock by another thread, with no time", other, syscall.ETIMEDOUT)
		if flags&freebsd.UMUTEX_PRIO_INHERIT != 0 {
			want(t, "UmtxMutexLock twice", freebsd.UmtxMutexLock(m, nil), syscall.EDEADLK)
		}
		waiter := start(func() error { return freebsd.UmtxMutexLock(m, nil) })
		for m.Owner.Load()&freebsd.UMUTEX_CONTESTED == 0 {
			time.Sleep(time.Millisecond)
		}
		interrupted := start(func() error { return freebsd.UmtxMutexLock(m, in(patience)) })
		interrupted.ends(t, interrupted.signal, syscall.EINTR)
		want(t, "UmtxMutexUnlock", freebsd.UmtxMutexUnlock(m), nil)
		waiter.ends(t, func() {}, nil)
	}
	both := &freebsd.Umutex{Flags: freebsd.UMUTEX_PRIO_INHERIT | freebsd.UMUTEX_PRIO_PROTECT}
	want(t, "UmtxMutexLock of two protocols", freebsd.UmtxMutexLock(both, nil), syscall.EINVAL)
	want(t, "UmtxMutexUnlock of two protocols", freebsd.UmtxMutexUnlock(both), syscall.EINVAL)
	want(t, "UmtxMutexWake2 of two protocols", freebsd.UmtxMutexWake2(both, both.Flags), syscall.EINVAL)
	for _, limit := range wrongLimits() {
		want(t, "UmtxMutexLock with a wrong limit", freebsd.UmtxMutexLock(new(freebsd.Umutex), limit), syscall.EINVAL)
	}
	high := &freebsd.Umutex{Flags: freebsd.UMUTEX_PRIO_PROTECT, Ceilings: [2]uint32{freebsd.RTP_PRIO_MAX + 1, ^uint32(0)}}
	want(t, "UmtxMutexLock of a ceiling above all", freebsd.UmtxMutexLock(high, nil), syscall.EINVAL)
	// EINVAL for a thread that is more urgent than the ceiling takes a real-time thread, and EPERM for another owner in the
	// kernel than in the word takes two processes that cheat.
	want(t, "UmtxMutexLock nowhere", freebsd.UmtxMutexLock(nowhere[freebsd.Umutex](), nil), syscall.EFAULT)
	want(t, "UmtxMutexUnlock nowhere", freebsd.UmtxMutexUnlock(nowhere[freebsd.Umutex]()), syscall.EFAULT)
}

// TestMutexWait waits for a normal mutex, which an unlock in user space frees.
func TestMutexWait(t *testing.T) {
	m := new(freebsd.Umutex)
	want(t, "UmtxMutexWait for a free mutex", freebsd.UmtxMutexWait(m, nil), nil)
	m.Owner.Store(1 << 20)
	want(t, "UmtxMutexWait with no time", freebsd.UmtxMutexWait(m, in(0)), syscall.ETIMEDOUT)
	s := start(again(func() error { return freebsd.UmtxMutexWait(m, nil) }))
	for m.Owner.Load() != 1<<20|freebsd.UMUTEX_CONTESTED {
		time.Sleep(time.Millisecond)
	}
	m.Owner.Store(freebsd.UMUTEX_UNOWNED)
	s.ends(t, func() { want(t, "UmtxMutexWake2", freebsd.UmtxMutexWake2(m, 0), nil) }, nil)
}

// TestRobustMutex lets a thread end that holds mutexes in its lists.
func TestRobustMutex(t *testing.T) {
	type memory struct {
		shared, private, inact uintptr
		m, n                   freebsd.Umutex
	}
	mem := (*memory)(mapped(t, int(unsafe.Sizeof(memory{})), unix.MAP_SHARED))
	mem.m.Flags = freebsd.UMUTEX_ROBUST | freebsd.USYNC_PROCESS_SHARED
	mem.n.Flags = freebsd.UMUTEX_ROBUST
	mem.shared = uintptr(unsafe.Pointer(&mem.m))
	mem.private = uintptr(unsafe.Pointer(&mem.n))
	params := &freebsd.UmtxRobustListsParams{
		RobustListOffset:     uintptr(unsafe.Pointer(&mem.shared)),
		RobustPrivListOffset: uintptr(unsafe.Pointer(&mem.private)),
		RobustInactOffset:    uintptr(unsafe.Pointer(&mem.inact)),
	}
	err := <-start(func() error {
		if err := freebsd.UmtxMutexLock(&mem.m, nil); err != nil {
			return err
		}
		if err := freebsd.UmtxMutexLock(&mem.n, nil); err != nil {
			return err
		}
		return freebsd.UmtxRobustLists(params)
	}).over
	want(t, "UmtxRobustLists", err, nil)

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, m := range []*freebsd.Umutex{&mem.m, &mem.n} {
		want(t, "UmtxMutexLock after the owner has ended", again(func() error { return freebsd.UmtxMutexLock(m, in(patience)) })(), unix.EOWNERDEAD)
		m.Flags |= freebsd.UMUTEX_NONCONSISTENT
		want(t, "UmtxMutexUnlock", freebsd.UmtxMutexUnlock(m), nil)
		if got := m.Owner.Load(); got != freebsd.UMUTEX_RB_NOTRECOV {
			t.Errorf("the word is %#x, want UMUTEX_RB_NOTRECOV", got)
		}
		want(t, "UmtxMutexLock of a mutex that nobody has repaired", freebsd.UmtxMutexLock(m, nil), unix.ENOTRECOVERABLE)
	}
	// EBUSY is for a thread of a 32-bit program.
	want(t, "UmtxRobustLists nowhere", freebsd.UmtxRobustLists(nowhere[freebsd.UmtxRobustListsParams]()), syscall.EFAULT)
}

func TestCeiling(t *testing.T) {
	m := &freebsd.Umutex{Flags: freebsd.UMUTEX_PRIO_PROTECT, Ceilings: [2]uint32{7, ^uint32(0)}}
	m.Owner.Store(freebsd.UMUTEX_CONTESTED)
	before, err := freebsd.UmtxSetCeiling(m, 9)
	if err != nil || before != 7 || m.Ceilings[0] != 9 {
		t.Errorf("UmtxSetCeiling = %d, %v; the ceiling is %d", before, err, m.Ceilings[0])
	}
	_, err = freebsd.UmtxSetCeiling(m, freebsd.RTP_PRIO_MAX+1)
	want(t, "a ceiling above all", err, syscall.EINVAL)
	_, err = freebsd.UmtxSetCeiling(new(freebsd.Umutex), 1)
	want(t, "the ceiling of a normal mutex", err, syscall.EINVAL)
	_, err = freebsd.UmtxSetCeiling(nowhere[freebsd.Umutex](), 1)
	want(t, "the ceiling of a mutex nowhere", err, syscall.EFAULT)
	for owner, wanted := range map[uint32]error{freebsd.UMUTEX_RB_OWNERDEAD: unix.EOWNERDEAD, freebsd.UMUTEX_RB_NOTRECOV: unix.ENOTRECOVERABLE} {
		m.Owner.Store(owner)
		_, err = freebsd.UmtxSetCeiling(m, 1)
		want(t, "the ceiling of a mutex whose owner has ended", err, wanted)
	}
}

func TestCond(t *testing.T) {
	m, cv := new(freebsd.Umutex), new(freebsd.Ucond)
	wait := func(limit *freebsd.Timespec, flags uint32) error {
		if err := freebsd.UmtxMutexLock(m, nil); err != nil {
			return err
		}
		return freebsd.UmtxCvWait(cv, m, limit, flags)
	}
	for name, wake := range map[string]func(*freebsd.Ucond) error{"signal": freebsd.UmtxCvSignal, "broadcast": freebsd.UmtxCvBroadcast} {
		start(again(func() error { return wait(nil, 0) })).ends(t, func() { want(t, name, wake(cv), nil) }, nil)
		if cv.HasWaiters.Load() != 0 {
			t.Errorf("after the %s there are waiters", name)
		}
	}
	s := start(func() error { return wait(nil, 0) })
	s.ends(t, s.signal, syscall.EINTR)
	none := freebsd.Timespec{}
	want(t, "no time", <-start(func() error { return wait(&none, 0) }).over, syscall.ETIMEDOUT)
	if owner := m.Owner.Load(); owner != freebsd.UMUTEX_UNOWNED {
		t.Errorf("after the waits the mutex is %#x", owner)
	}
	want(t, "the mutex is not held", freebsd.UmtxCvWait(cv, m, nil, 0), syscall.EPERM)
	cv.ClockID = unix.CLOCK_THREAD_CPUTIME_ID
	want(t, "a clock of a thread", freebsd.UmtxCvWait(cv, m, &none, freebsd.CVWAIT_CLOCKID), syscall.EINVAL)
	cv.ClockID = unix.CLOCK_MONOTONIC
	want(t, "long past", <-start(func() error { return wait(&none, freebsd.CVWAIT_CLOCKID|freebsd.CVWAIT_ABSTIME) }).over, syscall.ETIMEDOUT)
	wrong := freebsd.Timespec{Nsec: 1e9}
	want(t, "a wrong limit", freebsd.UmtxCvWait(cv, m, &wrong, 0), syscall.EINVAL)
	both := &freebsd.Umutex{Flags: freebsd.UMUTEX_PRIO_INHERIT | freebsd.UMUTEX_PRIO_PROTECT}
	want(t, "a mutex of two protocols", freebsd.UmtxCvWait(cv, both, nil, 0), syscall.EINVAL)
	want(t, "UmtxCvWait nowhere", freebsd.UmtxCvWait(nowhere[freebsd.Ucond](), m, nil, 0), syscall.EFAULT)
	want(t, "UmtxCvSignal nowhere", freebsd.UmtxCvSignal(nowhere[freebsd.Ucond]()), syscall.EFAULT)
	want(t, "UmtxCvBroadcast nowhere", freebsd.UmtxCvBroadcast(nowhere[freebsd.Ucond]()), syscall.EFAULT)
}

func TestRWLock(t *testing.T) {
	rw := new(freebsd.Urwlock)
	want(t, "UmtxRwUnlock of a free lock", freebsd.UmtxRwUnlock(rw), syscall.EPERM)
	want(t, "UmtxRwRdlock", freebsd.UmtxRwRdlock(rw, 0, nil), nil)
	want(t, "UmtxRwRdlock", freebsd.UmtxRwRdlock(rw, 0, nil), nil)
	if n := rw.State.Load() & freebsd.URWLOCK_MAX_READERS; n != 2 {
		t.Errorf("%d readers", n)
	}
	want(t, "UmtxRwWrlock with no time", freebsd.UmtxRwWrlock(rw, in(0)), syscall.ETIMEDOUT)
	writer := start(again(func() error { return freebsd.UmtxRwWrlock(rw, nil) }))
	for rw.State.Load()&freebsd.URWLOCK_WRITE_WAITERS == 0 {
		time.Sleep(time.Millisecond)
	}
	want(t, "UmtxRwRdlock while a writer waits", freebsd.UmtxRwRdlock(rw, 0, in(0)), syscall.ETIMEDOUT)
	want(t, "UmtxRwRdlock that overtakes", freebsd.UmtxRwRdlock(rw, freebsd.URWLOCK_PREFER_READER, nil), nil)
	for range 3 {
		want(t, "UmtxRwUnlock", freebsd.UmtxRwUnlock(rw), nil)
	}
	writer.ends(t, func() {}, nil)
	reader := start(func() error { return freebsd.UmtxRwRdlock(rw, 0, in(patience)) })
	reader.ends(t, reader.signal, syscall.EINTR)
	want(t, "UmtxRwUnlock of the writer", freebsd.UmtxRwUnlock(rw), nil)
	rw.State.Store(freebsd.URWLOCK_MAX_READERS)
	want(t, "UmtxRwRdlock of too many", freebsd.UmtxRwRdlock(rw, 0, nil), syscall.EAGAIN)
	for _, limit := range wrongLimits() {
		want(t, "UmtxRwWrlock with a wrong limit", freebsd.UmtxRwWrlock(rw, limit), syscall.EINVAL)
	}
	want(t, "UmtxRwRdlock nowhere", freebsd.UmtxRwRdlock(nowhere[freebsd.Urwlock](), 0, nil), syscall.EFAULT)
	want(t, "UmtxRwUnlock nowhere", freebsd.UmtxRwUnlock(nowhere[freebsd.Urwlock]()), syscall.EFAULT)
}

func TestSem(t *testing.T) {
	sem := new(freebsd.Usem2)
	want(t, "UmtxSem2Wait with no time", freebsd.UmtxSem2Wait(sem, in(0)), syscall.ETIMEDOUT)
	sem.Count.Store(1)
	want(t, "UmtxSem2Wait of one", freebsd.UmtxSem2Wait(sem, nil), nil)
	if n := sem.Count.Load(); n != 1 {
		t.Errorf("the count is %d, want 1: a wait takes nothing", n)
	}
	sem.Count.Store(0)
	s := start(func() error { return freebsd.UmtxSem2Wait(sem, in(patience)) })
	for sem.Count.Load()&freebsd.USEM_HAS_WAITERS == 0 {
		time.Sleep(time.Millisecond)
	}
	s.ends(t, s.signal, syscall.EINTR)
	start(again(func() error { return freebsd.UmtxSem2Wait(sem, nil) })).
		ends(t, func() { want(t, "UmtxSem2Wake", freebsd.UmtxSem2Wake(sem), nil) }, nil)
	for _, limit := range wrongLimits() {
		want(t, "UmtxSem2Wait with a wrong limit", freebsd.UmtxSem2Wait(sem, limit), syscall.EINVAL)
	}
	want(t, "UmtxSem2Wait nowhere", freebsd.UmtxSem2Wait(nowhere[freebsd.Usem2](), in(0)), syscall.EFAULT)
	want(t, "UmtxSem2Wake nowhere", freebsd.UmtxSem2Wake(nowhere[freebsd.Usem2]()), syscall.EFAULT)
}

func TestThreads(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self := freebsd.ThrSelf()
	if self <= 100_000 || self != freebsd.ThrSelf() {
		t.Errorf("ThrSelf() = %d", self)
	}
	want(t, "ThrSetName", freebsd.ThrSetName(self, []byte("osync's own thread\x00")), nil)
	want(t, "ThrSetName without an end", freebsd.ThrSetName(self, []byte("osync")), syscall.EINVAL)
	want(t, "ThrSetName of no thread", freebsd.ThrSetName(1, []byte("\x00")), syscall.ESRCH)
	want(t, "ThrWake of no thread", freebsd.ThrWake(1), syscall.ESRCH)

	none, wrong := freebsd.Timespec{}, freebsd.Timespec{Nsec: 1e9}
	want(t, "ThrSuspend with no time", freebsd.ThrSuspend(&none), syscall.ETIMEDOUT)
	want(t, "ThrSuspend with a wrong time", freebsd.ThrSuspend(&wrong), syscall.EINVAL)
	want(t, "ThrSuspend with a time nowhere", freebsd.ThrSuspend(nowhere[freebsd.Timespec]()), syscall.EFAULT)
	s := start(func() error { return freebsd.ThrSuspend(nil) })
	want(t, "ThrWake", freebsd.ThrWake(s.tid), nil) // before or in the sleep
	s.ends(t, func() {}, nil)
	s = start(func() error { minute := freebsd.ToTimespec(time.Minute); return freebsd.ThrSuspend(&minute) })
	s.ends(t, s.signal, syscall.EINTR)

	var rtp freebsd.Rtprio
	want(t, "RtprioThread", freebsd.RtprioThread(freebsd.RTP_LOOKUP, 0, &rtp), nil)
	if rtp.Type != freebsd.RTP_PRIO_NORMAL {
		t.Errorf("the class is %d", rtp.Type)
	}
	want(t, "RtprioThread of another function", freebsd.RtprioThread(2, 0, &rtp), syscall.EINVAL)
	want(t, "RtprioThread of no thread", freebsd.RtprioThread(freebsd.RTP_LOOKUP, 1, &rtp), syscall.ESRCH)
	want(t, "RtprioThread of another class", freebsd.RtprioThread(freebsd.RTP_SET, 0, &freebsd.Rtprio{Type: 7}), syscall.EINVAL)
	want(t, "RtprioThread nowhere", freebsd.RtprioThread(freebsd.RTP_LOOKUP, 0, nowhere[freebsd.Rtprio]()), syscall.EFAULT)
	low := &freebsd.Rtprio{Type: freebsd.RTP_PRIO_NORMAL, Prio: 1 << 15}
	want(t, "RtprioThread of a priority below all", freebsd.RtprioThread(freebsd.RTP_SET, 0, low), syscall.EINVAL)
	if unix.Geteuid() != 0 {
		real := &freebsd.Rtprio{Type: freebsd.RTP_PRIO_REALTIME}
		want(t, "RtprioThread without the privilege", freebsd.RtprioThread(freebsd.RTP_SET, 0, real), syscall.EPERM)
	}
	freebsd.SchedYield()
	var now freebsd.Timespec
	want(t, "ClockGettime of no clock", freebsd.ClockGettime(-1, &now), syscall.EINVAL)
}

func TestAffinity(t *testing.T) {
	err := <-start(func() error { // in a thread that ends, since it changes
		mask := make([]uint, 256/8/unsafe.Sizeof(uint(0)))
		get := func() error {
			return freebsd.CpusetGetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask)
		}
		set := func(mask []uint) error {
			return freebsd.CpusetSetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask)
		}
		for get() == syscall.ERANGE && len(mask) < 1<<12 {
			mask = make([]uint, 2*len(mask))
		}
		want(t, "CpusetGetaffinity", get(), nil)
		want(t, "CpusetSetaffinity", set(mask), nil)
		want(t, "CpusetSetaffinity of none", set(make([]uint, 1)), syscall.EDEADLK)
		many := make([]uint, len(mask))
		many[len(many)-1] = ^uint(0)
		if err := set(many); err != syscall.EINVAL && err != syscall.EDEADLK { // fewer CPUs than the kernel was built for
			t.Errorf("CpusetSetaffinity of CPUs that are not there = %v", err)
		}
		want(t, "CpusetSetaffinity nowhere", set(unsafe.Slice(nowhere[uint](), len(mask))), syscall.EFAULT)
		// EPERM takes a jail.
		want(t, "CpusetGetaffinity of no level", freebsd.CpusetGetaffinity(9, freebsd.CPU_WHICH_TID, -1, mask), syscall.EINVAL)
		want(t, "CpusetGetaffinity of no thread", freebsd.CpusetGetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, 1, mask), syscall.ESRCH)
		return nil
	}).over
	want(t, "the thread", err, nil)
}

// TestToTimespec converts the longest duration, which not every processor has room for.
func TestToTimespec(t *testing.T) {
	got := freebsd.ToTimespec(1<<63 - 1)
	if uint64(got.Sec) < 1<<31-1 || got.Nsec < 0 || got.Nsec > 999_999_999 {
		t.Errorf("ToTimespec = %d, %d", got.Sec, got.Nsec)
	}
}
