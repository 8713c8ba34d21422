// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !plan9

package pthread

import "syscall"

// errno is what a function of the library returns: 0, or an error.
type errno = syscall.Errno

// The errors that most functions of this package return, for programs that compile
// everywhere: they are those of package syscall. What each means is told where it is returned.
const (
	EPERM     = syscall.EPERM
	EBUSY     = syscall.EBUSY
	EINVAL    = syscall.EINVAL
	EAGAIN    = syscall.EAGAIN
	EDEADLK   = syscall.EDEADLK
	ETIMEDOUT = syscall.ETIMEDOUT
)

const (
	tooLong     = syscall.ENAMETOOLONG
	interrupted = syscall.EINTR
	noMemory    = syscall.ENOMEM
	noFunction  = syscall.ENOSYS
)
