// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const handsOn = linux.HandsOn

func backend() string { return "futex" }

func supported(Scope) bool { return true }

// flags returns the bits that the kernel wants for a scope.
func (s Scope) flags() uint32 {
	if s == Shared {
		return 0
	}
	return linux.FUTEX_PRIVATE_FLAG
}

// wait sleeps until the word differs, somebody wakes it, or the deadline, which it
// hands to the kernel as an absolute time: a signal interrupts the sleep but cannot
// stretch it, since the retry has the same deadline.
func wait(addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	var limit *linux.Timespec
	var left time.Duration
	if !deadline.IsZero() {
		if left = time.Until(deadline); left <= 0 {
			if addr.Load() != old {
				return nil
			}
			return os.ErrDeadlineExceeded
		}
		ts := kernelDeadline(left)
		limit = &ts
	}
	var err error = syscall.EINTR // not over
	if handsOn {
		err = sleepKeeping(addr, old, limit, left, scope.flags())
	}
	for err == syscall.EINTR {
		if addr.Load() != old {
			return nil
		}
		err = linux.FutexWaitBitsetHandingOn(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, scope.flags())
	}
	switch err {
	case nil, syscall.EAGAIN:
		return nil
	case syscall.ETIMEDOUT:
		return os.ErrDeadlineExceeded
	default:
		return err
	}
}

// kernelDeadline returns the time on CLOCK_MONOTONIC at which left will have passed. Go does not
// tell what its own monotonic reading counts from, and in a synctest bubble its time is not
// the kernel's: so what counts is the time that is left.
func kernelDeadline(left time.Duration) linux.Timespec {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		panic("futex: CLOCK_MONOTONIC: " + err.Error()) // since Linux 2.6
	}
	sec, nsec := int64(now.Sec)+int64(left/time.Second), int64(now.Nsec)+int64(left%time.Second)
	if nsec >= 1e9 {
		sec, nsec = sec+1, nsec-1e9
	}
	return linux.Timespec{Sec: sec, Nsec: nsec}
}

func wake(addr *atomic.Uint32, n int, scope Scope) error {
	_, err := linux.FutexWake(addr, uint32(n), scope.flags())
	return err
}
