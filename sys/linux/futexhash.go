// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// PrctlFutexHashSetSlots sets the size of the table in which the kernel keeps the waiters of this
// process's private words.
//
//	prctl(PR_FUTEX_HASH, PR_FUTEX_HASH_SET_SLOTS, slots, 0)
//
// Each process with threads has its own table, so that its private words, those with
// FUTEX_PRIVATE_FLAG, share no slot, and so no kernel lock, with those of other processes. The
// kernel enlarges the table as threads are created, up to a size that suits the number of CPUs,
// until this call sets a size. slots is a power of two, at least 2; a slot takes 64 bytes. 0 means
// the table that all processes share, as before Linux 6.16; a process cannot leave that table
// again.
//
// Errors are of type [syscall.Errno]: EINVAL for another number, on older kernels, and on kernels
// that were built without such tables; EBUSY if the process uses the shared table since a call with
// 0; ENOMEM if the kernel lacks memory. The kernel uses only the lower 32 bits of slots.
//
// The call blocks until the waiters are in the new table, and the Go scheduler runs other
// goroutines meanwhile. It may be made from any thread, and applies to the whole process.
//
// Since Linux 6.16, and there only in special builds; in all since 6.17. See
// PR_FUTEX_HASH_SET_SLOTS(2const).
func PrctlFutexHashSetSlots(slots uintptr) error {
	_, _, errno := syscall.Syscall6(unix.SYS_PRCTL, unix.PR_FUTEX_HASH, unix.PR_FUTEX_HASH_SET_SLOTS, slots, 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// PrctlFutexHashGetSlots returns the size of the table that [PrctlFutexHashSetSlots] sets.
//
//	prctl(PR_FUTEX_HASH, PR_FUTEX_HASH_GET_SLOTS)
//
// The result is 0 if the process uses the table that all processes share: while it has only one
// thread, after a call that requested it, and on kernels that were built without per-process
// tables. An error, of type [syscall.Errno], is EINVAL on older kernels.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 6.16. See PR_FUTEX_HASH_GET_SLOTS(2const).
func PrctlFutexHashGetSlots() (int, error) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_PRCTL, unix.PR_FUTEX_HASH, unix.PR_FUTEX_HASH_GET_SLOTS, 0, 0, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
