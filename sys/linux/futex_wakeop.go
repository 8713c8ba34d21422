// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import "sync/atomic"

// The operations of [FutexWakeOp] on its second word: the first argument of [FutexOp].
const (
	FUTEX_OP_SET  = 0 // *addr2 = oparg
	FUTEX_OP_ADD  = 1 // *addr2 += oparg
	FUTEX_OP_OR   = 2 // *addr2 |= oparg
	FUTEX_OP_ANDN = 3 // *addr2 &^= oparg
	FUTEX_OP_XOR  = 4 // *addr2 ^= oparg

	// FUTEX_OP_OPARG_SHIFT is added to one of the others to use 1<<oparg for oparg.
	FUTEX_OP_OPARG_SHIFT = 8
)

// The comparisons of [FutexWakeOp] of the old value of its second word, as a signed number, with
// cmparg: the third argument of [FutexOp].
const (
	FUTEX_OP_CMP_EQ = 0
	FUTEX_OP_CMP_NE = 1
	FUTEX_OP_CMP_LT = 2
	FUTEX_OP_CMP_LE = 3
	FUTEX_OP_CMP_GT = 4
	FUTEX_OP_CMP_GE = 5
)

// FutexOp packs the instructions for [FutexWakeOp] into a number. It is the FUTEX_OP macro
// of include/uapi/linux/futex.h.
//
// It keeps 12 bits of oparg and of cmparg, which the kernel reads as signed numbers from -2048 to
// 2047.
func FutexOp(op uint32, oparg int32, cmp uint32, cmparg int32) uint32 {
	return op&0xf<<28 | cmp&0xf<<24 | uint32(oparg)&0xfff<<12 | uint32(cmparg)&0xfff
}

// FutexWakeOp changes *addr2, wakes up to nrWake of the threads that wait on addr and, if
// the old value of *addr2 passes a comparison, up to nrWake2 of those that wait on addr2.
//
//	futex(addr, FUTEX_WAKE_OP|flags, nrWake, nrWake2, addr2, op)
//
// The change of *addr2 is atomic; op, a result of [FutexOp], specifies the change and the
// comparison. Both counts are an int in the kernel, and 0 wakes one, as 1 does. The only flag is
// FUTEX_PRIVATE_FLAG, which holds for both words. The result is the number of threads woken on
// both.
//
// Errors are of type [syscall.Errno]: ENOSYS for an operation, a comparison or a flag that
// does not exist (the kernel detects an unknown comparison only after changing *addr2); EFAULT for
// an addr2 that cannot be written, or an addr without FUTEX_PRIVATE_FLAG that is not mapped; EINVAL
// for a word that is not aligned to 4 bytes, or if threads wait on one of the words in an operation
// with priority inheritance.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6.14. See futex(2) and include/uapi/linux/futex.h.
func FutexWakeOp(addr *atomic.Uint32, nrWake, nrWake2 uint32, addr2 *atomic.Uint32, op, flags uint32) (int, error) {
	return futexNow(addr, FUTEX_WAKE_OP|flags, nrWake, nrWake2, addr2, op)
}
