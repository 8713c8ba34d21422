// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !plan9

package bsd

import (
	"math"
	"os"
	"syscall"
	"time"
)

// Outcome translates the result of a futex call on OpenBSD or NetBSD for package futex: nil for a wake, or for a word that
// differs; [syscall.EINTR] for an end that says nothing about the word; [os.ErrDeadlineExceeded] after the timeout; otherwise
// err.
//
// OpenBSD returns ECANCELED for a signal whose handler was installed with SA_RESTART, as those of Go are, and EINTR for
// another one (sys/kern/sys_futex.c 1.26). NetBSD returns ENOMEM when it temporarily has no memory for a waiter, and
// ENFILE when a word has more waiters than it can count (sys/kern/sys_futex.c 1.18).
func Outcome(err error) error {
	switch err {
	case syscall.EAGAIN:
		return nil
	case syscall.EINTR, syscall.ECANCELED, syscall.ENOMEM, syscall.ENFILE:
		return syscall.EINTR
	case syscall.ETIMEDOUT:
		return os.ErrDeadlineExceeded
	default:
		return err
	}
}

// UmtxOutcome translates the result of a wait in _umtx_op on FreeBSD. A word that differs is not an error there, and a
// signal always ends the wait.
func UmtxOutcome(err error) error {
	if err == syscall.ETIMEDOUT {
		return os.ErrDeadlineExceeded
	}
	return err
}

// UmtxSleepOutcome translates the result of umtx_sleep on DragonFly.
func UmtxSleepOutcome(err error) error {
	switch err {
	case syscall.EBUSY: // the word differs
		return nil
	case syscall.EAGAIN: // or EWOULDBLOCK: the timeout has passed, or the longest time that the kernel lets a thread sleep
		return os.ErrDeadlineExceeded
	case syscall.EINVAL: // the page was evicted while the kernel read it; checking the word brings it back
		return syscall.EINTR
	default:
		return err
	}
}

// Timeout returns the duration for a call of OpenBSD that is to end after left. A call with a duration of 0 returns
// before it checks the word (sys/kern/sys_futex.c 1.26), so the shortest is a nanosecond.
func Timeout(left time.Duration) time.Duration { return max(left, 1) }

// leastSleep is less than a tick of NetBSD's clock, which is 10 ms, or 1 ms in a kernel that was built so. The
// kernel counts ticks, and rounds up: a sleep that asks for leastSleep ends no later than one that asks for less.
const leastSleep = uint64(500 * time.Microsecond)

// Deadline returns the point in time for a call of NetBSD that is to end at limit; all are nanoseconds of
// CLOCK_MONOTONIC.
//
// In NetBSD 10.1 a call whose deadline is less than a microsecond away when the kernel reads its clock sleeps without a
// limit: tstohz (sys/kern/subr_time.c) converts it to 0 ticks, which means no limit to cv_timedwait
// (sys/kern/sys_futex.c 1.18, futex_wait). So Deadline moves a deadline that is close, and has not passed, to a later
// time.
func Deadline(limit, now uint64) uint64 {
	if limit <= now {
		return limit
	}
	return max(limit, now+min(leastSleep, math.MaxUint64-now))
}
