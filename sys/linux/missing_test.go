// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/internal/seccomp"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// younger has the calls that a kernel or a filter may lack.
var younger = []struct {
	name   string
	number uint32
	call   func() error
}{
	{"FutexWaitv", unix.SYS_FUTEX_WAITV, func() error {
		_, err := linux.FutexWaitv(nil, nil, unix.CLOCK_MONOTONIC, 0)
		return err
	}},
	{"Futex2Wait", unix.SYS_FUTEX_WAIT, func() error {
		return linux.Futex2Wait(new(atomic.Uint32), 1, matchAny, nil, unix.CLOCK_MONOTONIC, private32)
	}},
	{"Futex2Wake", unix.SYS_FUTEX_WAKE, func() error {
		_, err := linux.Futex2Wake(new(atomic.Uint32), matchAny, 0, private32)
		return err
	}},
	{"Futex2Requeue", unix.SYS_FUTEX_REQUEUE, func() error {
		_, err := linux.Futex2Requeue(nil, 0, 0, 0)
		return err
	}},
	{"SetRobustList", unix.SYS_SET_ROBUST_LIST, func() error { return linux.SetRobustList(nil, 1) }},
	{"GetRobustList", unix.SYS_GET_ROBUST_LIST, func() error {
		_, _, err := linux.GetRobustList(0)
		return err
	}},
	{"Membarrier", unix.SYS_MEMBARRIER, func() error {
		_, err := linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0)
		return err
	}},
	{"SchedGetattr", unix.SYS_SCHED_GETATTR, func() error {
		var attr linux.SchedAttr
		return linux.SchedGetattr(0, &attr, attrSize, 0)
	}},
	{"SchedSetattr", unix.SYS_SCHED_SETATTR, func() error { return linux.SchedSetattr(0, nil, 0) }},
	{"Rseq", unix.SYS_RSEQ, func() error { return linux.Rseq(nil, 0, 0, 0) }},
}

// A missing call returns the kernel's ENOSYS, or the EPERM of a container's filter, unchanged.
// Here a filter on a thread simulates the older kernel.
func TestMissingCalls(t *testing.T) {
	skipFilters(t)
	for _, c := range younger {
		for _, errno := range []syscall.Errno{syscall.ENOSYS, syscall.EPERM} {
			t.Run(fmt.Sprint(c.name, " ", errno), func(t *testing.T) {
				onDyingThread(t, func() {
					if !deny(t, c.number, errno) {
						return
					}
					want(t, "call", c.call(), errno)
				})
			})
		}
	}
}

// An emulator is an older kernel without a filter.
func TestMissingCallsEmulated(t *testing.T) {
	if !emulated() {
		t.Skip("not in qemu user mode, which lacks these calls")
	}
	for _, c := range younger {
		switch c.number {
		case unix.SYS_FUTEX_WAITV, unix.SYS_FUTEX_WAIT, unix.SYS_FUTEX_WAKE, unix.SYS_FUTEX_REQUEUE,
			unix.SYS_SET_ROBUST_LIST, unix.SYS_GET_ROBUST_LIST, unix.SYS_RSEQ:
			want(t, c.name, c.call(), syscall.ENOSYS)
		}
	}
}

// deny lets the system call return errno on the calling thread from now on. It reports
// whether it could.
func deny(t *testing.T, number uint32, errno syscall.Errno) bool {
	t.Helper()
	err := seccomp.Deny(number, errno)
	if err != nil {
		t.Logf("not tried: no filter of system calls: %v", err)
	}
	return err == nil
}

func skipFilters(t *testing.T) {
	t.Helper()
	if emulated() {
		t.Skip("the emulator has no filters of system calls")
	}
}
