// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package seccomp

import (
	"encoding/binary"
	"syscall"
)

// DenyCall is [Deny] for those calls whose six arguments are args: others are made. So it shows what the
// kernel is asked for.
func DenyCall(number uint32, args [6]uintptr, errno syscall.Errno) error {
	// The fields of struct seccomp_data: the number, and from 16 on the arguments, of 64 bits each.
	compare := []word{{0, number}}
	for i, arg := range args {
		low, high := uint32(16+8*i), uint32(20+8*i)
		if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
			low, high = high, low
		}
		compare = append(compare, word{low, uint32(arg)}, word{high, uint32(uint64(arg) >> 32)})
	}
	return install(compare, errno)
}
