// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import "structs"

// A Timespec is a time in seconds and nanoseconds, either since the start of a clock or
// as a duration, depending on the call that takes it. Nsec must be 0 to 999,999,999 and Sec must
// not be negative, or the call returns EINVAL.
//
// It is struct __kernel_timespec: two 64-bit numbers on every architecture, unlike the
// Timespec of package syscall, whose seconds have 32 bits on 32-bit systems.
type Timespec struct {
	_    structs.HostLayout
	Sec  int64
	Nsec int64
}
