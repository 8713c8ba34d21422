// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package netbsd

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The compiler checks these for each processor, since go vet builds the tests. An array of another length cannot be
// assigned.
//
// struct timespec is a 64-bit time_t and a long (sys/sys/timespec.h, sys/sys/types.h).
var (
	_ [0]byte = [unsafe.Sizeof(unix.Timespec{}) - timespecSize]byte{}
	_ [0]byte = [unsafe.Offsetof(unix.Timespec{}.Nsec) - 8]byte{}
)
