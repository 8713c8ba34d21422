// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import "strconv"

// errno replaces syscall.Errno, which Plan 9 lacks.
type errno uintptr

// Error returns a description of the number.
func (e errno) Error() string { return "errno " + strconv.Itoa(int(e)) }

// Plan 9 has no numbers for errors. These are never returned.
const (
	EPERM       = errno(1)
	EBUSY       = errno(16)
	EINVAL      = errno(22)
	EAGAIN      = errno(11)
	EDEADLK     = errno(35)
	ETIMEDOUT   = errno(110)
	tooLong     = errno(36)
	interrupted = errno(4)
	noMemory    = errno(12)
	noFunction  = errno(38)
)
