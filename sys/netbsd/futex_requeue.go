// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
)

// FutexRequeue wakes up to nrWake of the threads that wait on addr and makes up to nrRequeue of the others wait on
// addr2 instead. It does not compare the word.
//
//	__futex(addr, FUTEX_REQUEUE|flags, nrWake, NULL, addr2, nrRequeue, 0)
//
// Other threads may change the word between the caller's decision and the call, so a condition variable built on it
// loses wake-ups: use [FutexCmpRequeue]. Both counts are an int to the kernel. The only flag is
// FUTEX_PRIVATE_FLAG, which applies to both words. The result is the number of threads woken; kernels newer
// than NetBSD 10.1 add the number moved.
//
// Errors are of type [syscall.Errno]: EINVAL for a count above 1<<31 - 1, or a word that is not aligned to 4
// bytes; EFAULT for a word without FUTEX_PRIVATE_FLAG that is not mapped; ENOMEM and ENFILE if the kernel
// cannot record the second word at the moment; ENOSYS for another flag, and before NetBSD 10.
//
// The call does not block, and it may be made from any thread.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	return futexNow(addr, FUTEX_REQUEUE|flags, nrWake, addr2, nrRequeue)
}

// FutexCmpRequeue wakes up to nrWake of the threads that wait on addr and makes up to nrRequeue of the others wait
// on addr2 instead, provided that *addr holds val.
//
//	__futex(addr, FUTEX_CMP_REQUEUE|flags, nrWake, NULL, addr2, nrRequeue, val)
//
// A condition variable uses it to let its waiters queue for the lock instead of waking all of them to compete
// for it. The comparison and the rest are one step. If no thread waits on addr, the word is not compared.
//
// Errors are those of [FutexRequeue] and one more: EAGAIN if *addr did not hold val, or cannot be read. Otherwise it is
// FutexRequeue, except that it has seven arguments, and so notifies the Go scheduler.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexCmpRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	return futexNow3(addr, FUTEX_CMP_REQUEUE|flags, nrWake, addr2, nrRequeue, val)
}

// The operations of [FutexWakeOp] on its second word: the first argument of [FutexOp].
const (
	FUTEX_OP_SET  = 0 // *addr2 = oparg
	FUTEX_OP_ADD  = 1 // *addr2 += oparg
	FUTEX_OP_OR   = 2 // *addr2 |= oparg
	FUTEX_OP_ANDN = 3 // *addr2 &^= oparg
	FUTEX_OP_XOR  = 4 // *addr2 ^= oparg

	// FUTEX_OP_OPARG_SHIFT is added to one of the others to use 1<<oparg for oparg, which must then be below 32.
	FUTEX_OP_OPARG_SHIFT = 8
)

// The comparisons by which [FutexWakeOp] compares the old value of its second word, as a signed number, with cmparg:
// the third argument of [FutexOp].
const (
	FUTEX_OP_CMP_EQ = 0
	FUTEX_OP_CMP_NE = 1
	FUTEX_OP_CMP_LT = 2
	FUTEX_OP_CMP_LE = 3
	FUTEX_OP_CMP_GT = 4
	FUTEX_OP_CMP_GE = 5
)

// FutexOp packs the instructions for [FutexWakeOp] into a number. It is the FUTEX_OP macro of sys/sys/futex.h.
//
// Only 12 bits of oparg and cmparg remain. Unlike Linux, the kernel takes them as numbers from 0 to 4095.
func FutexOp(op, oparg, cmp, cmparg uint32) uint32 { return bsd.FutexOp(op, oparg, cmp, cmparg) }

// FutexWakeOp changes *addr2, wakes up to nrWake of the threads that wait on addr and, if the old value of *addr2
// passes a comparison, up to nrWake2 of those that wait on addr2.
//
//	__futex(addr, FUTEX_WAKE_OP|flags, nrWake, NULL, addr2, nrWake2, op)
//
// The change of *addr2 is atomic. op, which [FutexOp] makes, selects the change and the comparison. Both counts
// are an int to the kernel. The only flag is FUTEX_PRIVATE_FLAG, which applies to both words. The result is the
// number of threads woken on both.
//
// Errors are of type [syscall.Errno]: EINVAL for an operation or a comparison that does not exist, an oparg of 32
// or more with FUTEX_OP_OPARG_SHIFT, a count above 1<<31 - 1, or a word that is not aligned to 4 bytes;
// EFAULT for an addr2 that cannot be written, or an addr without FUTEX_PRIVATE_FLAG that is not mapped; ENOSYS for
// another flag, and before NetBSD 10.
//
// The call does not block, but it has seven arguments, and so notifies the Go scheduler. It may be made from any
// thread.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexWakeOp(addr *atomic.Uint32, nrWake, nrWake2 uint32, addr2 *atomic.Uint32, op, flags uint32) (int, error) {
	return futexNow3(addr, FUTEX_WAKE_OP|flags, nrWake, addr2, nrWake2, op)
}
