// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const attrSize = uint32(unsafe.Sizeof(linux.SchedAttr{}))

func TestSchedAttr(t *testing.T) {
	onDyingThread(t, func() {
		var attr linux.SchedAttr
		err := linux.SchedGetattr(0, &attr, attrSize, 0)
		if err == syscall.ENOSYS {
			t.Log("sched_getattr is not there")
			return
		}
		want(t, "get", err, nil)
		if attr.Policy != unix.SCHED_NORMAL || attr.Size < 48 || attr.Size > attrSize {
			t.Errorf("got %+v, want the policy SCHED_NORMAL and a size from 48 to %d", attr, attrSize)
		}

		// Every thread may raise its nice value.
		attr = linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_BATCH, Nice: 19}
		want(t, "set", linux.SchedSetattr(0, &attr, 0), nil)
		want(t, "get again", linux.SchedGetattr(linux.Gettid(), &attr, attrSize, 0), nil)
		if attr.Policy != unix.SCHED_BATCH || attr.Nice != 19 {
			t.Errorf("got %+v, want the policy SCHED_BATCH, nice 19", attr)
		}
	})
}

// TestSchedErrors leaves out ENOSYS, from kernels before 3.14.
func TestSchedErrors(t *testing.T) {
	var attr linux.SchedAttr
	skipMissing(t, linux.SchedGetattr(0, &attr, attrSize, 0))
	want(t, "get into nil", linux.SchedGetattr(0, nil, attrSize, 0), syscall.EINVAL)
	want(t, "get of a negative thread", linux.SchedGetattr(-1, &attr, attrSize, 0), syscall.EINVAL)
	want(t, "get with flags", linux.SchedGetattr(0, &attr, attrSize, 2), syscall.EINVAL)
	want(t, "get the dynamic values of an ordinary thread",
		linux.SchedGetattr(0, &attr, attrSize, unix.SCHED_GETATTR_FLAG_DL_DYNAMIC), syscall.EINVAL)
	want(t, "get too small", linux.SchedGetattr(0, &attr, 47, 0), syscall.EINVAL)
	want(t, "get of nobody", linux.SchedGetattr(noSuchThread, &attr, attrSize, 0), syscall.ESRCH)

	set := func(a linux.SchedAttr) error { return linux.SchedSetattr(0, &a, 0) }
	want(t, "set nil", linux.SchedSetattr(0, nil, 0), syscall.EINVAL)
	want(t, "set a negative thread", linux.SchedSetattr(-1, &attr, 0), syscall.EINVAL)
	want(t, "set with flags", linux.SchedSetattr(0, &attr, 1), syscall.EINVAL)
	want(t, "set nobody", linux.SchedSetattr(noSuchThread, &attr, 0), syscall.ESRCH)
	want(t, "unknown policy", set(linux.SchedAttr{Size: attrSize, Policy: 99}), syscall.EINVAL)
	want(t, "priority 100", set(linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_FIFO, Priority: 100}), syscall.EINVAL)

	small := linux.SchedAttr{Size: 47}
	want(t, "too small", linux.SchedSetattr(0, &small, 0), syscall.E2BIG)
	if small.Size < 48 {
		t.Errorf("after E2BIG the size is %d, want the kernel's", small.Size)
	}
	// Larger than the struct, as a newer kernel's: the surplus is not zero.
	large := struct {
		attr    linux.SchedAttr
		surplus [64]byte
	}{attr: linux.SchedAttr{Size: attrSize + 64}, surplus: [64]byte{63: 1}}
	want(t, "too large", linux.SchedSetattr(0, &large.attr, 0), syscall.E2BIG)
}

// TestSchedDenied gives up the privilege on a thread that then ends.
func TestSchedDenied(t *testing.T) {
	var attr linux.SchedAttr
	skipMissing(t, linux.SchedGetattr(0, &attr, attrSize, 0))
	onDyingThread(t, func() {
		if unix.Geteuid() == 0 {
			const nobody = 65534
			if _, _, errno := syscall.RawSyscall(unix.SYS_SETUID, nobody, 0, 0); errno != 0 {
				t.Errorf("setuid: %v", errno)
				return
			}
		}
		fifo := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_FIFO, Priority: 99}
		want(t, "SCHED_FIFO", linux.SchedSetattr(0, &fifo, 0), syscall.EPERM)
	})
}

// TestSchedDynamic gets the time left to a thread of SCHED_DEADLINE, which sleeps and so has
// used nothing of this period.
func TestSchedDynamic(t *testing.T) {
	word := new(atomic.Uint32)
	s := start(func() error { return linux.FutexWait(word, 0, nil, private) })
	awaitSleepers(t, word, private, 1)
	defer func() {
		normal := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_NORMAL}
		want(t, "set back", linux.SchedSetattr(s.tid, &normal, 0), nil)
		wake(t, word, 1)
		s.end(t, nil)
	}()
	const ms = 1e6
	attr := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_DEADLINE, Runtime: ms, Deadline: 100 * ms, Period: 100 * ms}
	if err := linux.SchedSetattr(s.tid, &attr, 0); err != nil {
		t.Skipf("SCHED_DEADLINE: %v", err)
	}
	want(t, "another flag", linux.SchedGetattr(s.tid, &attr, attrSize, 2), syscall.EINVAL)
	err := linux.SchedGetattr(s.tid, &attr, attrSize, unix.SCHED_GETATTR_FLAG_DL_DYNAMIC)
	if err == syscall.EINVAL {
		t.Skip("this kernel is older than SCHED_GETATTR_FLAG_DL_DYNAMIC")
	}
	want(t, "the dynamic values", err, nil)
	if attr.Policy != unix.SCHED_DEADLINE || attr.Period != 100*ms {
		t.Errorf("got %+v, want SCHED_DEADLINE with a period of 100 ms", attr)
	}
}

// TestSchedBusy promises more SCHED_DEADLINE time than there is, to threads that sleep.
func TestSchedBusy(t *testing.T) {
	word := new(atomic.Uint32)
	var sleepers []*sleeper
	defer func() {
		normal := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_NORMAL}
		for _, s := range sleepers {
			want(t, "set back", linux.SchedSetattr(s.tid, &normal, 0), nil)
		}
		wake(t, word, len(sleepers))
		for _, s := range sleepers {
			s.end(t, nil)
		}
	}()
	const ms = 1e6
	all := linux.SchedAttr{
		Size: attrSize, Policy: unix.SCHED_DEADLINE, Runtime: 10 * ms, Deadline: 10 * ms, Period: 10 * ms,
	}
	for range runtime.NumCPU() + 1 {
		s := start(func() error { return linux.FutexWait(word, 0, nil, private) })
		sleepers = append(sleepers, s)
		awaitSleepers(t, word, private, len(sleepers))
		switch err := linux.SchedSetattr(s.tid, &all, 0); err {
		case nil:
		case syscall.EBUSY:
			return
		default:
			t.Skipf("SCHED_DEADLINE: %v", err)
		}
	}
	t.Skip("this kernel does not limit what SCHED_DEADLINE may promise")
}

func TestSchedYield(t *testing.T) {
	linux.SchedYield() // it returns
}

func TestGettid(t *testing.T) {
	self(t)
	if got, want := linux.Gettid(), unix.Gettid(); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	if other := start(func() error { return nil }); other.tid == linux.Gettid() {
		t.Error("two threads have the same id")
	}
}
