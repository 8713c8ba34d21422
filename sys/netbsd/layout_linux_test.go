// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package netbsd_test

import (
	"testing"

	"github.com/osync-go/osync/internal/layout"
)

// TestConstants compares the numbers with sys/sys/futex.h 1.6, sys/sys/time.h, and sys/kern/syscalls.master of NetBSD 10.
func TestConstants(t *testing.T) {
	want := map[string]int64{
		"FUTEX_WAIT": 0, "FUTEX_WAKE": 1, "FUTEX_FD": 2, "FUTEX_REQUEUE": 3, "FUTEX_CMP_REQUEUE": 4, "FUTEX_WAKE_OP": 5,
		"FUTEX_LOCK_PI": 6, "FUTEX_UNLOCK_PI": 7, "FUTEX_TRYLOCK_PI": 8, "FUTEX_WAIT_BITSET": 9, "FUTEX_WAKE_BITSET": 10,
		"FUTEX_WAIT_REQUEUE_PI": 11, "FUTEX_CMP_REQUEUE_PI": 12,
		"FUTEX_PRIVATE_FLAG": 1 << 7, "FUTEX_CLOCK_REALTIME": 1 << 8, "FUTEX_CMD_MASK": 1<<32 - 1 - 3<<7,
		"FUTEX_OP_SET": 0, "FUTEX_OP_ADD": 1, "FUTEX_OP_OR": 2, "FUTEX_OP_ANDN": 3, "FUTEX_OP_XOR": 4, "FUTEX_OP_OPARG_SHIFT": 8,
		"FUTEX_OP_CMP_EQ": 0, "FUTEX_OP_CMP_NE": 1, "FUTEX_OP_CMP_LT": 2, "FUTEX_OP_CMP_LE": 3, "FUTEX_OP_CMP_GT": 4,
		"FUTEX_OP_CMP_GE": 5,
		"FUTEX_WAITERS":   1 << 31, "FUTEX_OWNER_DIED": 1 << 30, "FUTEX_SYNCOBJ_1": 1 << 29, "FUTEX_SYNCOBJ_0": 1 << 28,
		"FUTEX_TID_MASK": 1<<28 - 1, "FUTEX_BITSET_MATCH_ANY": 1<<32 - 1,
		"CLOCK_REALTIME": 0, "CLOCK_MONOTONIC": 3, "TIMER_RELTIME": 0, "TIMER_ABSTIME": 1,
	}
	p := layout.Load(t, ".", "netbsd", "amd64")
	for name, n := range want {
		p.Want(name, n)
	}
	for _, name := range p.Constants() {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not compared with a header", name)
		}
	}
	for name, n := range map[string]int64{
		"sysFutex": 166, "sysFutexSetRobustList": 167, "sysFutexGetRobustList": 168, "sysLwpPark": 478,
	} {
		p.Want(name, n)
	}
}

// TestLayouts compares the structs with sys/sys/futex.h 1.6: three longs, of which the first is the list.
func TestLayouts(t *testing.T) {
	for goarch, long := range map[string]int64{"386": 4, "arm": 4, "amd64": 8, "arm64": 8} {
		p := layout.Load(t, ".", "netbsd", goarch)
		for name, want := range map[string]int64{
			"RobustList":                 long,
			"RobustListHead":             3 * long,
			"RobustListHead.List":        0,
			"RobustListHead.FutexOffset": long,
			"RobustListHead.PendingList": 2 * long,
		} {
			p.Want(name, want)
		}
	}
}
