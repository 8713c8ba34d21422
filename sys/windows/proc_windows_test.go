// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/osync-go/osync/internal/allocs"
)

// TestMissing checks that a function that the system lacks returns an error that names it, and
// that calling it again costs nothing.
func TestMissing(t *testing.T) {
	for _, p := range []*proc{
		{dll: kernel32, name: "NoSuchFunctionOfOsync"},
		{dll: windows.NewLazySystemDLL("no-such-library-of-osync.dll"), name: "NoSuchFunctionEither"},
	} {
		calls := map[string]func() error{
			"void":     func() error { return p.void(nil) },
			"try":      func() error { _, err := p.try(nil); return err },
			"onHandle": func() error { return p.onHandle(0) },
			"word":     func() error { _, err := p.word(); return err },
			"countOf":  func() error { _, err := p.countOf(0); return err },
			"time":     func() error { _, err := p.time(); return err },
			"setIDs":   func() error { return p.setIDs(0, nil) },
			"getIDs":   func() error { _, err := p.getIDs(0, nil); return err },
			"info":     func() error { return p.information(0, 0, nil, 0) },
			"meet":     func() error { return p.meet(0, 0, false, nil) },
			"addSID":   func() error { return p.addSID(nil, nil) },
		}
		for name, call := range calls {
			err := call()
			if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), p.name) {
				t.Errorf("%s of %s: got %v, want an error that wraps errors.ErrUnsupported and has its name", name, p.name, err)
			}
			if n := allocs.PerRun(t, 100, func() { _ = call() }); n != 0 {
				t.Errorf("%s of %s: %v allocations a call", name, p.name, n)
			}
		}
	}
}

// TestFound checks that a function is looked up once and then known.
func TestFound(t *testing.T) {
	p := &proc{dll: kernel32, name: "GetCurrentThreadId"}
	first, err := p.find()
	if err != nil || first == 0 {
		t.Fatalf("find: %#x, %v", first, err)
	}
	if again := p.addr.Load(); again != first {
		t.Errorf("the address found, %#x, is not kept: %#x", first, again)
	}
}

// The sizes in C, on 32-bit and 64-bit systems. An index that is not 0 does not compile, so
// go vet also checks the systems that no test runs on.
const word = unsafe.Sizeof(uintptr(0))

var (
	_ = [1]int{}[unsafe.Sizeof(SRWLock{})-word]
	_ = [1]int{}[unsafe.Sizeof(ConditionVariable{})-word]
	_ = [1]int{}[unsafe.Sizeof(InitOnce{})-word]
	_ = [1]int{}[unsafe.Sizeof(CriticalSection{})-(4*word+8)]
	_ = [1]int{}[unsafe.Sizeof(SynchronizationBarrier{})-(2*word+16)]
	_ = [1]int{}[unsafe.Sizeof(GroupAffinity{})-(word+8)]
	_ = [1]int{}[unsafe.Sizeof(ProcessorNumber{})-4]
	_ = [1]int{}[unsafe.Sizeof(ObjectBasicInfo{})-56]
	_ = [1]int{}[unsafe.Sizeof(ReasonContext{})-(2*word+16)]
	_ = [1]int{}[unsafe.Sizeof(SystemCpuSetInformation{})-32]
	_ = [1]int{}[unsafe.Offsetof(SystemCpuSetInformation{}.AllocationTag)-24]
	_ = [1]int{}[unsafe.Sizeof(MemoryPriorityInformation{})-4]
	_ = [1]int{}[unsafe.Sizeof(ThreadPowerThrottlingState{})-12]
	_ = [1]int{}[unsafe.Sizeof(ObjectAttributes{})-6*word]
	_ = [1]int{}[unsafe.Sizeof(ThreadpoolWait(0))-word]
)

func TestLayout(t *testing.T) {
	var cs CriticalSection
	var b SynchronizationBarrier
	var set SystemCpuSetInformation
	for _, f := range []struct {
		field     string
		got, want uintptr
	}{
		{"CRITICAL_SECTION.LockCount", unsafe.Offsetof(cs.lockCount), word},
		{"CRITICAL_SECTION.RecursionCount", unsafe.Offsetof(cs.recursionCount), word + 4},
		{"CRITICAL_SECTION.OwningThread", unsafe.Offsetof(cs.owningThread), word + 8},
		{"CRITICAL_SECTION.SpinCount", unsafe.Offsetof(cs.spinCount), 3*word + 8},
		{"SYNCHRONIZATION_BARRIER.Reserved3", unsafe.Offsetof(b.reserved3), 8},
		{"SYNCHRONIZATION_BARRIER.Reserved4", unsafe.Offsetof(b.reserved4), 8 + 2*word},
		{"GROUP_AFFINITY.Group", unsafe.Offsetof(GroupAffinity{}.Group), word},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.Id", unsafe.Offsetof(set.ID), 8},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.Group", unsafe.Offsetof(set.Group), 12},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.LogicalProcessorIndex", unsafe.Offsetof(set.LogicalProcessorIndex), 14},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.CoreIndex", unsafe.Offsetof(set.CoreIndex), 15},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.LastLevelCacheIndex", unsafe.Offsetof(set.LastLevelCacheIndex), 16},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.NumaNodeIndex", unsafe.Offsetof(set.NumaNodeIndex), 17},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.EfficiencyClass", unsafe.Offsetof(set.EfficiencyClass), 18},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.AllFlags", unsafe.Offsetof(set.AllFlags), 19},
		{"SYSTEM_CPU_SET_INFORMATION.CpuSet.SchedulingClass", unsafe.Offsetof(set.SchedulingClass), 20},
		{"THREAD_POWER_THROTTLING_STATE.StateMask", unsafe.Offsetof(ThreadPowerThrottlingState{}.StateMask), 8},
		{"REASON_CONTEXT.Reason", unsafe.Offsetof(ReasonContext{}.SimpleReasonString), 8},
		{"PROCESSOR_NUMBER.Number", unsafe.Offsetof(ProcessorNumber{}.Number), 2},
	} {
		if f.got != f.want {
			t.Errorf("%s is at %d, want %d", f.field, f.got, f.want)
		}
	}
}

// TestErrors checks the conversion of the results of failed calls.
func TestErrors(t *testing.T) {
	if err := errnoError(0); err != syscall.EINVAL {
		t.Errorf("a failure without a reason: got %v, want EINVAL", err)
	}
	for _, errno := range []syscall.Errno{
		ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED, ERROR_NOT_OWNER, ERROR_TOO_MANY_POSTS,
		ERROR_INVALID_ADDRESS, ERROR_IO_PENDING, ERROR_MAPPED_ALIGNMENT, ERROR_TIMEOUT, ERROR_PRIVILEGE_NOT_HELD, ERROR_INVALID_TASK_NAME, ERROR_INVALID_TASK_INDEX,
	} {
		if err := errnoError(errno); err != errno {
			t.Errorf("errno %d became %v", uintptr(errno), err)
		}
		if n := allocs.PerRun(t, 100, func() { sink = errnoError(errno) }); n != 0 {
			t.Errorf("errno %d: %v allocations", uintptr(errno), n)
		}
	}
	if err := statusError(0); err != nil {
		t.Errorf("STATUS_SUCCESS became %v", err)
	}
	for _, status := range []NTStatus{
		STATUS_TIMEOUT, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_HANDLE, STATUS_INVALID_PARAMETER, STATUS_USER_APC, STATUS_ALERTED,
		STATUS_INVALID_CID, STATUS_ACCESS_DENIED, STATUS_OBJECT_TYPE_MISMATCH, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_NAME_COLLISION,
		STATUS_INVALID_PARAMETER_1,
	} {
		if err := statusError(uintptr(status)); err != status {
			t.Errorf("status %#x became %v", uint32(status), err)
		}
		if n := allocs.PerRun(t, 100, func() { sink = statusError(uintptr(status)) }); n != 0 {
			t.Errorf("status %#x: %v allocations", uint32(status), n)
		}
	}
}

var sink error
