// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"encoding/binary"
	"math/bits"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
)

// TestLayouts checks the structs that the kernel reads and writes against the headers.
func TestLayouts(t *testing.T) {
	const pointer = unsafe.Sizeof(uintptr(0))
	addr := uintptr(8)
	if bits.UintSize == 32 && binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		addr += 4 // the pointer is the lower half of a 64-bit number
	}
	var (
		ts     linux.Timespec
		waiter linux.FutexWaiter
		list   linux.RobustList
		head   linux.RobustListHead
		attr   linux.SchedAttr
		pair   linux.FutexNUMA
		area   linux.RseqArea
	)
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"Timespec", unsafe.Sizeof(ts), 16},
		{"Timespec.Sec", unsafe.Offsetof(ts.Sec), 0},
		{"Timespec.Nsec", unsafe.Offsetof(ts.Nsec), 8},

		{"FutexWaiter", unsafe.Sizeof(waiter), 24},
		{"FutexWaiter.Val", unsafe.Offsetof(waiter.Val), 0},
		{"FutexWaiter.Addr", unsafe.Offsetof(waiter.Addr), addr},
		{"FutexWaiter.Flags", unsafe.Offsetof(waiter.Flags), 16},
		{"two FutexWaiters", unsafe.Sizeof([2]linux.FutexWaiter{}), 48},

		{"RobustList", unsafe.Sizeof(list), pointer},
		{"RobustListHead", unsafe.Sizeof(head), 3 * pointer},
		{"RobustListHead.List", unsafe.Offsetof(head.List), 0},
		{"RobustListHead.FutexOffset", unsafe.Offsetof(head.FutexOffset), pointer},
		{"RobustListHead.ListOpPending", unsafe.Offsetof(head.ListOpPending), 2 * pointer},

		{"SchedAttr", unsafe.Sizeof(attr), 56},
		{"SchedAttr.Policy", unsafe.Offsetof(attr.Policy), 4},
		{"SchedAttr.Flags", unsafe.Offsetof(attr.Flags), 8},
		{"SchedAttr.Nice", unsafe.Offsetof(attr.Nice), 16},
		{"SchedAttr.Priority", unsafe.Offsetof(attr.Priority), 20},
		{"SchedAttr.Runtime", unsafe.Offsetof(attr.Runtime), 24},
		{"SchedAttr.Deadline", unsafe.Offsetof(attr.Deadline), 32},
		{"SchedAttr.Period", unsafe.Offsetof(attr.Period), 40},
		{"SchedAttr.UtilMin", unsafe.Offsetof(attr.UtilMin), 48},
		{"SchedAttr.UtilMax", unsafe.Offsetof(attr.UtilMax), 52},

		{"FutexNUMA", unsafe.Sizeof(pair), 8},
		{"the alignment of a FutexNUMA", unsafe.Alignof(pair), 8},
		{"FutexNUMA.Word", unsafe.Offsetof(pair.Word), 0},
		{"FutexNUMA.Node", unsafe.Offsetof(pair.Node), 4},

		{"RseqArea", unsafe.Sizeof(area), 32},
		{"RseqArea.CPUIDStart", unsafe.Offsetof(area.CPUIDStart), 0},
		{"RseqArea.CPUID", unsafe.Offsetof(area.CPUID), 4},
		{"RseqArea.CS", unsafe.Offsetof(area.CS), 8},
		{"RseqArea.Flags", unsafe.Offsetof(area.Flags), 16},
		{"RseqArea.NodeID", unsafe.Offsetof(area.NodeID), 20},
		{"RseqArea.MMCID", unsafe.Offsetof(area.MMCID), 24},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, c.got, c.want)
		}
	}
}
