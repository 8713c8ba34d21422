// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !plan9

package pthread

import "syscall"

// errno is the result of a function of the library: 0, or an error number.
type errno = syscall.Errno

// The errors that most functions of this package return, for programs that compile
// everywhere: they are those of package syscall. The functions that return them document their
// meaning.
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
