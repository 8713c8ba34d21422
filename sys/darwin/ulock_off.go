// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && (ios || osync_noulock)

package darwin

import (
	"syscall"
	"unsafe"
)

// UlockWait returns [syscall.ENOSYS]: this build leaves Apple's private calls out.
// [SyncWaitOnAddress] is the public one.
func UlockWait(op uint32, addr unsafe.Pointer, value uint64, timeoutUs uint32) (waiters int, err error) {
	return 0, syscall.ENOSYS
}

// UlockWait2 returns [syscall.ENOSYS]: this build leaves Apple's private calls out.
// [SyncWaitOnAddressWithTimeout] is the public one.
func UlockWait2(op uint32, addr unsafe.Pointer, value, timeout, value2 uint64) (waiters int, err error) {
	return 0, syscall.ENOSYS
}

// UlockWake returns [syscall.ENOSYS]: this build leaves Apple's private calls out.
// [SyncWakeByAddressAny] and [SyncWakeByAddressAll] are the public ones.
func UlockWake(op uint32, addr unsafe.Pointer, wakeValue uint64) error {
	return syscall.ENOSYS
}
