// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

const wordSize = unsafe.Sizeof(atomic.Uint32{})

func osSyncSleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var flags uint32 = darwin.OS_SYNC_WAIT_ON_ADDRESS_NONE
	if scope == Shared {
		flags = darwin.OS_SYNC_WAIT_ON_ADDRESS_SHARED
	}
	var err error
	if limit == noLimit {
		_, err = darwin.SyncWaitOnAddress(unsafe.Pointer(addr), uint64(old), wordSize, flags)
	} else {
		_, err = darwin.SyncWaitOnAddressWithDeadline(unsafe.Pointer(addr), uint64(old), wordSize, flags,
			darwin.OS_CLOCK_MACH_ABSOLUTE_TIME, uint64(limit))
	}
	return err
}

func osSyncWake(addr *atomic.Uint32, all bool, scope Scope) error {
	var flags uint32 = darwin.OS_SYNC_WAKE_BY_ADDRESS_NONE
	if scope == Shared {
		flags = darwin.OS_SYNC_WAKE_BY_ADDRESS_SHARED
	}
	if all {
		return darwin.SyncWakeByAddressAll(unsafe.Pointer(addr), wordSize, flags)
	}
	return darwin.SyncWakeByAddressAny(unsafe.Pointer(addr), wordSize, flags)
}
