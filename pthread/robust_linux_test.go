// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"syscall"
	"testing"
	"unsafe"
)

// needRobust skips the test if the kernel has no robust lists, as in the emulator QEMU: a lock
// whose owner died then waits forever.
func needRobust(t testing.TB) {
	t.Helper()
	need(t, "pthread_mutex_consistent")
	if emulated() {
		t.Skip("the kernel has no robust lists")
	}
}

// emulated reports whether the kernel has no robust lists.
func emulated() bool {
	var head, size uintptr
	_, _, e := syscall.RawSyscall(syscall.SYS_GET_ROBUST_LIST, 0, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&size)))
	return e != 0
}
