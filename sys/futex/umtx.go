// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || dragonfly || linux

package futex

import (
	"os"
	"syscall"
)

// What the errors of FreeBSD and DragonFly mean to a sleep. The tests on Linux look at it, too.

// umtxEnd returns what the end of a wait in _umtx_op on FreeBSD means. A word that differs is no error there,
// and a signal always ends the wait.
func umtxEnd(err error) error {
	if err == syscall.ETIMEDOUT {
		return os.ErrDeadlineExceeded
	}
	return err
}

// umtxSleepEnd returns what the end of umtx_sleep on DragonFly means.
func umtxSleepEnd(err error) error {
	switch err {
	case syscall.EBUSY: // the word differs
		return nil
	case syscall.EWOULDBLOCK: // the timeout has passed, or the longest time that the kernel lets a thread sleep
		return os.ErrDeadlineExceeded
	case syscall.EINVAL: // the page went while the kernel looked; the look at the word brings it back
		return syscall.EINTR
	default:
		return err
	}
}
