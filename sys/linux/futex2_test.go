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

const private32 = linux.FUTEX2_SIZE_U32 | linux.FUTEX2_PRIVATE

func skipWithoutFutex2(t *testing.T) {
	t.Helper()
	_, err := linux.Futex2Wake(new(atomic.Uint32), matchAny, 0, private32)
	skipMissing(t, err)
}

func TestFutex2WakeCounts(t *testing.T) {
	skipWithoutFutex2(t)
	word := new(atomic.Uint32)
	waitFor := func(mask uint32) *sleeper {
		return start(func() error { return linux.Futex2Wait(word, 0, mask, nil, unix.CLOCK_MONOTONIC, private32) })
	}
	low, high := waitFor(1), waitFor(2)
	classic := start(func() error { return linux.FutexWait(word, 0, nil, private) })
	awaitSleepers(t, word, private, 3)
	for _, c := range []struct {
		name string
		mask uint32
		nr   int32
		want int
	}{
		{"none", matchAny, 0, 0},
		{"a bit that only the classic waiter has", 4, everyone, 1},
		{"the second bit", 2, everyone, 1},
		{"all bits", matchAny, everyone, 1},
	} {
		n, err := linux.Futex2Wake(word, c.mask, c.nr, private32)
		wantCount(t, c.name, n, err, c.want)
	}
	for _, s := range []*sleeper{classic, high, low} {
		s.end(t, nil)
	}
}

func TestFutex2Errors(t *testing.T) {
	skipWithoutFutex2(t)
	word := func() *atomic.Uint32 { return new(atomic.Uint32) }
	for _, c := range []struct {
		name  string
		addr  *atomic.Uint32
		mask  uint32
		flags uint32
		err   error
		wake  error // if a wake differs
	}{
		{"zero mask", word(), 0, private32, syscall.EINVAL, nil},
		{"8 bits", word(), 1, linux.FUTEX2_SIZE_U8, syscall.EINVAL, nil},
		{"16 bits", word(), 1, linux.FUTEX2_SIZE_U16, syscall.EINVAL, nil},
		{"64 bits", word(), 1, linux.FUTEX2_SIZE_U64, syscall.EINVAL, nil},
		{"unknown flag", word(), 1, private32 | 0x40, syscall.EINVAL, nil},
		{"clock flag", word(), 1, private32 | realtime, syscall.EINVAL, nil},
		{"misaligned", misaligned(), 1, private32, syscall.EINVAL, nil},
		{"unreadable, shared", unreadable(t), 1, linux.FUTEX2_SIZE_U32, syscall.EFAULT, nil},
	} {
		want(t, "wait, "+c.name, linux.Futex2Wait(c.addr, 0, c.mask, nil, unix.CLOCK_MONOTONIC, c.flags), c.err)
		_, err := linux.Futex2Wake(c.addr, c.mask, 1, c.flags)
		want(t, "wake, "+c.name, err, c.err)
	}
	_, err := linux.Futex2Wake(unreadable(t), 1, 1, private32)
	want(t, "wake, unreadable, private", err, nil)
	err = linux.Futex2Wait(word(), 0, 1, &linux.Timespec{}, 7, private32)
	want(t, "wait, clock", err, syscall.EINVAL)
	badTime := (*linux.Timespec)(unsafe.Pointer(unreadable(t)))
	err = linux.Futex2Wait(word(), 0, 1, badTime, unix.CLOCK_MONOTONIC, private32)
	want(t, "wait, unreadable deadline", err, syscall.EFAULT)
}

func TestFutex2RequeueErrors(t *testing.T) {
	skipWithoutFutex2(t)
	pair := func(flags, flags2 uint32, val uint64) *[2]linux.FutexWaiter {
		return &[2]linux.FutexWaiter{
			{Val: val, Addr: new(atomic.Uint32), Flags: flags},
			{Addr: new(atomic.Uint32), Flags: flags2},
		}
	}
	unreadablePair := (*[2]linux.FutexWaiter)(unsafe.Pointer(unreadable(t)))
	for _, c := range []struct {
		name    string
		waiters *[2]linux.FutexWaiter
		flags   uint32
		err     error
	}{
		{"good", pair(private32, private32, 0), 0, nil},
		{"nil", nil, 0, syscall.EINVAL},
		{"unreadable", unreadablePair, 0, syscall.EFAULT},
		{"flags", pair(private32, private32, 0), 1, syscall.EINVAL},
		{"other value", pair(private32, private32, 1), 0, syscall.EAGAIN},
		{"33 bits", pair(private32, private32, 1<<32), 0, syscall.EINVAL},
		{"another size", pair(linux.FUTEX2_SIZE_U16, private32, 0), 0, syscall.EINVAL},
		{"unknown flag", pair(private32|0x40, private32, 0), 0, syscall.EINVAL},
		{"private to shared", pair(private32, linux.FUTEX2_SIZE_U32, 0), 0, syscall.EINVAL},
		{"shared to private", pair(linux.FUTEX2_SIZE_U32, private32, 0), 0, syscall.EINVAL},
	} {
		_, err := linux.Futex2Requeue(c.waiters, 1, 1, c.flags)
		want(t, c.name, err, c.err)
	}
}
