// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// ulockOp returns the operation for words of a scope. The kernel uses the same operations for
// os_sync_wait_on_address, so each finds the other's waiters: processes that share memory can use
// different ways.
func ulockOp(scope Scope) uint32 {
	if scope == Shared {
		return darwin.UL_COMPARE_AND_WAIT_SHARED
	}
	return darwin.UL_COMPARE_AND_WAIT
}

func ulockSleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var timeout uint64 // in nanoseconds; 0 means no timeout
	if limit != noLimit {
		timeout = uint64(max(limit.left(), 1))
	}
	_, err := darwin.UlockWait2(ulockOp(scope)|darwin.ULF_NO_ERRNO, unsafe.Pointer(addr), uint64(old), timeout, 0)
	return err
}

func ulockWake(addr *atomic.Uint32, all bool, scope Scope) error {
	op := ulockOp(scope) | darwin.ULF_NO_ERRNO
	if all {
		op |= darwin.ULF_WAKE_ALL
	}
	return darwin.UlockWake(op, unsafe.Pointer(addr), 0)
}
