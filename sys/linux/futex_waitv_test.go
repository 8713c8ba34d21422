// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// vector returns n elements, each with a word of its own that holds 0.
func vector(n int) []linux.FutexWaiter {
	v := make([]linux.FutexWaiter, n)
	for i := range v {
		v[i] = linux.FutexWaiter{Addr: new(atomic.Uint32), Flags: linux.FUTEX2_SIZE_U32 | linux.FUTEX2_PRIVATE}
	}
	return v
}

func skipWithoutWaitv(t *testing.T) {
	t.Helper()
	_, err := linux.FutexWaitv(nil, nil, unix.CLOCK_MONOTONIC, 0)
	skipMissing(t, err)
}

func TestFutexWaitvIndex(t *testing.T) {
	skipWithoutWaitv(t)
	for _, n := range []int{1, 2, 7, linux.FUTEX_WAITV_MAX} {
		v := vector(n)
		for _, i := range []int{0, n / 2, n - 1} {
			var index int
			s := start(func() (err error) {
				index, err = linux.FutexWaitv(v, nil, unix.CLOCK_MONOTONIC, 0)
				return err
			})
			awaitSleepers(t, v[n-1].Addr, private, 1)
			wake(t, v[i].Addr, 1)
			s.end(t, nil)
			if index != i {
				t.Errorf("woken by word %d of %d, returned %d", i, n, index)
			}
		}
	}
}

// If several words were woken, the call may return any of them. One futex_requeue cannot wake two
// words at once, but a wake of a word that two elements share wakes both.
func TestFutexWaitvAnyIndex(t *testing.T) {
	skipWithoutWaitv(t)
	v := vector(4)
	v[1].Addr = v[2].Addr
	var index int
	s := start(func() (err error) {
		index, err = linux.FutexWaitv(v, nil, unix.CLOCK_MONOTONIC, 0)
		return err
	})
	awaitSleepers(t, v[3].Addr, private, 1)
	n, err := linux.FutexWake(v[1].Addr, everyone, private)
	if err != nil || n < 1 || n > 2 {
		t.Errorf("wake of two elements: %d, %v", n, err)
	}
	s.end(t, nil)
	if index != 1 && index != 2 {
		t.Errorf("elements 1 and 2 were woken, returned %d", index)
	}
}

func TestFutexWaitvErrors(t *testing.T) {
	skipWithoutWaitv(t)
	change := func(f func(w *linux.FutexWaiter)) []linux.FutexWaiter {
		v := vector(3)
		f(&v[1])
		return v
	}
	past, ahead := &linux.Timespec{}, after(unix.CLOCK_REALTIME, 1<<40)
	badTime := (*linux.Timespec)(unsafe.Pointer(unreadable(t)))
	const mono = unix.CLOCK_MONOTONIC
	for _, c := range []struct {
		name     string
		waiters  []linux.FutexWaiter
		deadline *linux.Timespec
		clockid  int32
		flags    uint32
		err      error
	}{
		{"good", vector(3), past, mono, 0, syscall.ETIMEDOUT},
		{"most", vector(linux.FUTEX_WAITV_MAX), past, mono, 0, syscall.ETIMEDOUT},
		{"none", nil, nil, mono, 0, syscall.EINVAL},
		{"too many", vector(linux.FUTEX_WAITV_MAX + 1), nil, mono, 0, syscall.EINVAL},
		{"flags", vector(1), nil, mono, 1, syscall.EINVAL},
		{"clock", vector(1), ahead, 7, 0, syscall.EINVAL},
		{"clock without deadline", vector(1), nil, 7, 0, syscall.EINVAL},
		{"negative deadline", vector(1), &linux.Timespec{Sec: -1}, mono, 0, syscall.EINVAL},
		{"a second of nanoseconds", vector(1), &linux.Timespec{Nsec: 1e9}, mono, 0, syscall.EINVAL},
		{"unreadable deadline", vector(1), badTime, mono, 0, syscall.EFAULT},
		{"other value", change(func(w *linux.FutexWaiter) { w.Val = 1 }), nil, mono, 0, syscall.EAGAIN},
		{"33 bits", change(func(w *linux.FutexWaiter) { w.Val = 1 << 32 }), nil, mono, 0, syscall.EINVAL},
		{"8 bits", change(func(w *linux.FutexWaiter) { w.Flags = linux.FUTEX2_SIZE_U8 }), nil, mono, 0, syscall.EINVAL},
		{"16 bits", change(func(w *linux.FutexWaiter) { w.Flags = linux.FUTEX2_SIZE_U16 }), nil, mono, 0, syscall.EINVAL},
		{"64 bits", change(func(w *linux.FutexWaiter) { w.Flags = linux.FUTEX2_SIZE_U64 }), nil, mono, 0, syscall.EINVAL},
		{"unknown flag", change(func(w *linux.FutexWaiter) { w.Flags |= 0x40 }), nil, mono, 0, syscall.EINVAL},
		{"misaligned", change(func(w *linux.FutexWaiter) { w.Addr = misaligned() }), nil, mono, 0, syscall.EINVAL},
		{"nil word", change(func(w *linux.FutexWaiter) { w.Addr = nil }), nil, mono, 0, syscall.EFAULT},
		{"unreadable", change(func(w *linux.FutexWaiter) { w.Addr = unreadable(t) }), nil, mono, 0, syscall.EFAULT},
	} {
		if c.name == "clock without deadline" {
			// The kernel does not read the clock then: the word's value decides.
			c.waiters[0].Val, c.err = 1, syscall.EAGAIN
		}
		_, err := linux.FutexWaitv(c.waiters, c.deadline, c.clockid, c.flags)
		want(t, c.name, err, c.err)
	}
}
