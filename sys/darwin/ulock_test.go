// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// needUlock skips the test if the build has no private calls.
func needUlock(t *testing.T) {
	t.Helper()
	if err := darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, unsafe.Pointer(new(atomic.Uint32)), 0); err == syscall.ENOSYS {
		t.Skip("this build leaves the private calls out: the tag osync_noulock is set, or it is for iOS")
	}
}

// errnoForms are the two ways in which the error is returned, between which Go sees no difference.
var errnoForms = []uint32{0, darwin.ULF_NO_ERRNO}

func TestUlockWaitErrors(t *testing.T) {
	needUlock(t)
	words := new([2]atomic.Uint64)
	words[0].Store(7)
	addr, bad := unsafe.Pointer(&words[0]), unmapped(t)
	dead := new(atomic.Uint32)
	dead.Store(0xfffffff3) // no thread's port
	for _, c := range []struct {
		name  string
		op    uint32
		addr  unsafe.Pointer
		value uint64
		want  error
	}{
		{"other value, 4 bytes", darwin.UL_COMPARE_AND_WAIT, addr, 8, nil},
		{"other value, 4 bytes shared", darwin.UL_COMPARE_AND_WAIT_SHARED, addr, 8, nil},
		{"other value, 8 bytes", darwin.UL_COMPARE_AND_WAIT64, addr, 8, nil},
		{"other value, 8 bytes shared", darwin.UL_COMPARE_AND_WAIT64_SHARED, addr, 8, nil},
		{"sign-extended value", darwin.UL_COMPARE_AND_WAIT, addr, 7 | 0xffffffff<<32, nil},
		{"operation", 99, addr, 8, syscall.EINVAL},
		{"flags", darwin.UL_COMPARE_AND_WAIT | 0x80000000, addr, 8, syscall.EINVAL},
		{"nil", darwin.UL_COMPARE_AND_WAIT, nil, 8, syscall.EINVAL},
		{"alignment", darwin.UL_COMPARE_AND_WAIT64, unsafe.Add(addr, 4), 8, syscall.EINVAL},
		{"not mapped", darwin.UL_COMPARE_AND_WAIT, bad, 8, syscall.EFAULT},
		{"not mapped, shared", darwin.UL_COMPARE_AND_WAIT_SHARED, bad, 8, syscall.EINVAL},
		{"owner is no thread", darwin.UL_UNFAIR_LOCK, unsafe.Pointer(dead), 0xfffffff3, syscall.EOWNERDEAD},
	} {
		for _, form := range errnoForms {
			if _, err := darwin.UlockWait(c.op|form, c.addr, c.value, 1e9); err != c.want {
				t.Errorf("%s: UlockWait(%#x) = %v, want %v", c.name, c.op|form, err, c.want)
			}
			if _, err := darwin.UlockWait2(c.op|form, c.addr, c.value, 1e15, 0); err != c.want {
				t.Errorf("%s: UlockWait2(%#x) = %v, want %v", c.name, c.op|form, err, c.want)
			}
		}
	}
}

func TestUlockWakeErrors(t *testing.T) {
	needUlock(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	addr, bad := unsafe.Pointer(new(atomic.Uint64)), unmapped(t)
	me := uint64(darwin.PthreadMachThreadNp(darwin.PthreadSelf()))
	for _, c := range []struct {
		name  string
		op    uint32
		addr  unsafe.Pointer
		value uint64
		want  error
	}{
		{"nobody", darwin.UL_COMPARE_AND_WAIT, addr, 0, syscall.ENOENT},
		{"nobody, all", darwin.UL_COMPARE_AND_WAIT | darwin.ULF_WAKE_ALL, addr, 0, syscall.ENOENT},
		{"nobody, 8 bytes", darwin.UL_COMPARE_AND_WAIT64, addr, 0, syscall.ENOENT},
		{"nobody, shared", darwin.UL_COMPARE_AND_WAIT_SHARED, addr, 0, syscall.ENOENT},
		{"not mapped", darwin.UL_COMPARE_AND_WAIT, bad, 0, syscall.ENOENT},
		{"not mapped, shared", darwin.UL_COMPARE_AND_WAIT_SHARED, bad, 0, syscall.EINVAL},
		{"operation", 99, addr, 0, syscall.EINVAL},
		{"nil", darwin.UL_COMPARE_AND_WAIT, nil, 0, syscall.EINVAL},
		{"no such thread", darwin.UL_COMPARE_AND_WAIT | darwin.ULF_WAKE_THREAD, addr, 0xfffffff3, syscall.ESRCH},
		{"oneself", darwin.UL_COMPARE_AND_WAIT | darwin.ULF_WAKE_THREAD, addr, me, syscall.ESRCH},
		{"all and a thread", darwin.UL_COMPARE_AND_WAIT | darwin.ULF_WAKE_THREAD | darwin.ULF_WAKE_ALL, addr, me, syscall.EINVAL},
	} {
		for _, form := range errnoForms {
			if err := darwin.UlockWake(c.op|form, c.addr, c.value); err != c.want {
				t.Errorf("%s: UlockWake(%#x) = %v, want %v", c.name, c.op|form, err, c.want)
			}
		}
	}
}

func TestUlockTimes(t *testing.T) {
	needUlock(t)
	addr := unsafe.Pointer(new(atomic.Uint32))
	for _, form := range errnoForms {
		op := darwin.UL_COMPARE_AND_WAIT | form
		for _, d := range []time.Duration{time.Microsecond, 5 * time.Millisecond} {
			checkTime(t, "microseconds", d, func() error {
				_, err := darwin.UlockWait(op, addr, 0, uint32(d/time.Microsecond))
				return err
			})
			checkTime(t, "nanoseconds", d, func() error {
				_, err := darwin.UlockWait2(op, addr, 0, uint64(d), 0)
				return err
			})
			if !darwin.HasSymbol("os_sync_wait_on_address") {
				continue // ULF_DEADLINE is as new as this function
			}
			checkTime(t, "deadline", d, func() error {
				_, err := darwin.UlockWait2(op|darwin.ULF_DEADLINE, addr, 0, darwin.MachAbsoluteTime()+ticks(d), 0)
				return err
			})
		}
	}
}

func TestUlockInterrupted(t *testing.T) {
	needUlock(t)
	addr := unsafe.Pointer(new(atomic.Uint32))
	for _, form := range errnoForms {
		interrupt(t, syscall.EINTR, func() error {
			_, err := darwin.UlockWait2(darwin.UL_COMPARE_AND_WAIT|form, addr, 0, uint64(patience), 0)
			return err
		})
	}
}

func TestUlockWake(t *testing.T) {
	needUlock(t)
	for _, op := range []uint32{
		darwin.UL_COMPARE_AND_WAIT, darwin.UL_COMPARE_AND_WAIT_SHARED,
		darwin.UL_COMPARE_AND_WAIT64, darwin.UL_COMPARE_AND_WAIT64_SHARED,
	} {
		t.Run(fmt.Sprintf("op %d", op), func(t *testing.T) {
			addr := unsafe.Pointer(new(atomic.Uint64))
			testWake(t, (*atomic.Uint32)(addr), futexCalls{
				wait: func() error { _, err := darwin.UlockWait2(op, addr, 0, 0, 0); return err },
				any:  func() error { return darwin.UlockWake(op, addr, 0) },
				all:  func() error { return darwin.UlockWake(op|darwin.ULF_WAKE_ALL, addr, 0) },
			})
		})
	}
}

// TestUlockWakeThread wakes one of two waiters by name, and tries another operation.
func TestUlockWakeThread(t *testing.T) {
	needUlock(t)
	const op = darwin.UL_COMPARE_AND_WAIT
	word := new(atomic.Uint64)
	addr := unsafe.Pointer(word)
	ports := make(chan uint32)
	finish := make(chan bool)
	var done sync.WaitGroup
	for range 2 {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ports <- darwin.PthreadMachThreadNp(darwin.PthreadSelf())
			for word.Load() == 0 {
				darwin.UlockWait2(op, addr, 0, 0, 0)
			}
			<-finish // its port must stay its own
		})
	}
	first, second := <-ports, <-ports
	for _, port := range []uint32{first, second} {
		eventually(t, "the thread sleeps and is woken by name", func() bool {
			switch err := darwin.UlockWake(op|darwin.ULF_WAKE_THREAD, addr, uint64(port)); err {
			case nil:
				return true
			case syscall.ENOENT, syscall.EALREADY: // no thread, or the other one, sleeps
				return false
			default:
				t.Fatalf("UlockWake = %v", err)
				return false
			}
		})
	}
	eventually(t, "a wake of 8 bytes finds a waiter of 4", func() bool {
		return darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT64, addr, 0) == syscall.EDOM
	})
	word.Store(1)
	if err := darwin.UlockWake(op|darwin.ULF_WAKE_ALL, addr, 0); err != nil && err != syscall.ENOENT {
		t.Errorf("UlockWake all = %v", err)
	}
	eventually(t, "a thread that is awake", func() bool {
		err := darwin.UlockWake(op|darwin.ULF_WAKE_THREAD, addr, uint64(first))
		return err == syscall.ENOENT || err == syscall.EALREADY
	})
	close(finish)
	done.Wait()
}
