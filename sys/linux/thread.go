// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Gettid returns the id of the calling thread, as used in the words of priority-inheriting and
// robust locks.
//
//	gettid()
//
// It is never 0 and at most FUTEX_TID_MASK. It cannot fail, does not block, and may be
// called from any thread; but a goroutine that is not locked to its thread with
// [runtime.LockOSThread] may run on another one by the time it uses the result.
//
// Since Linux 2.4.11. See gettid(2).
func Gettid() int {
	tid, _, _ := syscall.RawSyscall6(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0)
	return int(tid)
}
