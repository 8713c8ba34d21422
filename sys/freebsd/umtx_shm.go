// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// UmtxShm makes, finds or removes a page of shared memory that belongs to a byte of shared memory: how a lock
// that is a pointer to C programs reaches other processes.
//
//	_umtx_op(NULL, UMTX_OP_SHM, request, addr)
//
// The request is UMTX_SHM_CREAT, which makes the page or finds it, UMTX_SHM_LOOKUP, which finds it,
// UMTX_SHM_DESTROY, which removes it, or UMTX_SHM_ALIVE, which looks whether the memory of addr is such a page,
// and not yet removed. For the first two the result is a file descriptor, which the caller maps and closes.
//
// Errors are of type [syscall.Errno]: EINVAL for none or several of the requests; EFAULT for an addr that is
// not mapped; ESRCH if there is no page, for UMTX_SHM_LOOKUP and UMTX_SHM_DESTROY; ENOTTY if the page was
// removed, for UMTX_SHM_ALIVE; ENOMEM above the limit RLIMIT_UMTXP; EMFILE and ENFILE for too many descriptors.
//
// The call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and umtx_shm in sys/kern/kern_umtx.c.
func UmtxShm(request uint32, addr unsafe.Pointer) (fd int, err error) {
	r1, _, errno := syscall.RawSyscall6(unix.SYS__UMTX_OP, 0, UMTX_OP_SHM, uintptr(request), uintptr(addr), 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(r1), nil
}
