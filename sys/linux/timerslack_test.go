// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func timerslack(t testing.TB) uintptr {
	t.Helper()
	ns, err := linux.PrctlGetTimerslack()
	want(t, "get", err, nil)
	return ns
}

func TestTimerslack(t *testing.T) {
	onDyingThread(t, func() {
		before := timerslack(t)
		if before == 0 {
			t.Log("this thread has no slack that could be set")
			return
		}
		want(t, "set", linux.PrctlSetTimerslack(1), nil)
		if got := timerslack(t); got != 1 {
			t.Errorf("got a slack of %d ns, want 1", got)
		}
		want(t, "set", linux.PrctlSetTimerslack(before+1), nil)
		if got := timerslack(t); got != before+1 {
			t.Errorf("got a slack of %d ns, want %d", got, before+1)
		}
		want(t, "set to the default", linux.PrctlSetTimerslack(0), nil)
		if got := timerslack(t); got != before {
			t.Errorf("got a default of %d ns, want the %d ns with which the thread began", got, before)
		}
	})
}

// TestTimerslackRealtime checks what the kernel does with the slack of a real-time thread.
func TestTimerslackRealtime(t *testing.T) {
	onDyingThread(t, func() {
		before := timerslack(t)
		fifo := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_FIFO, Priority: 1}
		if err := linux.SchedSetattr(0, &fifo, 0); err != nil {
			t.Logf("SCHED_FIFO: %v", err)
			return
		}
		got := timerslack(t)
		if got != 0 && got != before {
			t.Errorf("with SCHED_FIFO: a slack of %d ns, want 0, or %d of older kernels", got, before)
		}
		if got == 0 {
			want(t, "set", linux.PrctlSetTimerslack(before), nil)
			if got := timerslack(t); got != 0 {
				t.Errorf("with SCHED_FIFO, after a set: a slack of %d ns, want 0", got)
			}
		}
	})
}

// TestTimerslackErrors checks a filter's errors, and the result that looks like an error but is not.
func TestTimerslackErrors(t *testing.T) {
	skipFilters(t)
	onDyingThread(t, func() {
		if timerslack(t) != 0 {
			want(t, "set", linux.PrctlSetTimerslack(^uintptr(0)), nil)
			_, err := linux.PrctlGetTimerslack()
			want(t, "the largest slack", err, syscall.EPERM)
		}
		if !deny(t, unix.SYS_PRCTL, syscall.ENOSYS) {
			return
		}
		want(t, "set", linux.PrctlSetTimerslack(1), syscall.ENOSYS)
		_, err := linux.PrctlGetTimerslack()
		want(t, "get", err, syscall.ENOSYS)
	})
}
