// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"errors"
	"runtime"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/darwin"
)

func TestKernReturn(t *testing.T) {
	for k, want := range map[darwin.KernReturn]string{
		darwin.KERN_OPERATION_TIMED_OUT: "KERN_OPERATION_TIMED_OUT",
		darwin.MACH_SEND_INVALID_DEST:   "MACH_SEND_INVALID_DEST",
		-307:                            "kern_return_t -307",
	} {
		if got := k.Error(); got != want {
			t.Errorf("KernReturn(%d).Error() = %q, want %q", int32(k), got, want)
		}
	}
	for k, want := range map[darwin.KernReturn]bool{darwin.KERN_NOT_SUPPORTED: true, darwin.KERN_INVALID_ARGUMENT: false} {
		if got := errors.Is(k, errors.ErrUnsupported); got != want {
			t.Errorf("errors.Is(%v, errors.ErrUnsupported) = %v, want %v", k, got, want)
		}
	}
	if errors.Is(darwin.KERN_NOT_SUPPORTED, syscall.ENOSYS) {
		t.Error("KERN_NOT_SUPPORTED is ENOSYS")
	}
}

// TestMachPorts provokes no KERN_INVALID_NAME and no KERN_INVALID_RIGHT: macOS may end the process for such a mistake.
func TestMachPorts(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	task, thread := darwin.MachTaskSelf(), darwin.MachThreadSelf()
	if task == 0 || thread == 0 || task == thread {
		t.Errorf("the ports of the process and the thread are %#x and %#x", task, thread)
	}
	if port := darwin.PthreadMachThreadNp(darwin.PthreadSelf()); thread != port {
		t.Errorf("MachThreadSelf = %#x, PthreadMachThreadNp = %#x", thread, port)
	}
	if err := darwin.MachPortDeallocate(0xfffffff3, thread); err != darwin.MACH_SEND_INVALID_DEST {
		t.Errorf("MachPortDeallocate in no process = %v, want MACH_SEND_INVALID_DEST", err)
	}
	if err := darwin.MachPortDeallocate(task, thread); err != nil {
		t.Errorf("MachPortDeallocate = %v", err)
	}
	if port := darwin.MachThreadSelf(); port != thread {
		t.Errorf("MachThreadSelf = %#x, then %#x", thread, port)
	}
}
