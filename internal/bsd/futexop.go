// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

// FutexOp packs the instructions of NetBSD's FUTEX_WAKE_OP into a number: the operation in bits 28 to 31, the
// comparison in 24 to 27, oparg in 12 to 23 and cmparg in 0 to 11. It is the FUTEX_OP macro of NetBSD's
// sys/sys/futex.h.
func FutexOp(op, oparg, cmp, cmparg uint32) uint32 {
	return op<<28 | cmp&0xf<<24 | oparg&0xfff<<12 | cmparg&0xfff
}
