// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func backend() string { return "futex" }

func supported(Scope) bool { return true }

// flags returns the flags of a call for words of scope s.
func (s Scope) flags() uint32 {
	if s == Shared {
		return 0
	}
	return linux.FUTEX_PRIVATE_FLAG
}

// wait sleeps until the word differs, a wake, or the deadline, which it passes to the kernel as
// an absolute time: a signal interrupts the sleep but cannot extend it, since the retry has the
// same deadline.
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
		ts, err := kernelDeadline(left)
		if err != nil {
			return sleepFor(addr, old, left, scope.flags())
		}
		limit = &ts
	}
	var err error = syscall.EINTR // sleep on
	if handon.Works {
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

// sleepFor sleeps for at most d, for when a system call filter denies the clock of the kernel's
// deadlines. A signal ends the sleep, as a spurious wake-up.
func sleepFor(addr *atomic.Uint32, old uint32, d time.Duration, flags uint32) error {
	timeout := linux.Timespec{Sec: int64(d / time.Second), Nsec: int64(d % time.Second)}
	switch err := linux.FutexWait(addr, old, &timeout, flags); err {
	case nil, syscall.EAGAIN, syscall.EINTR:
		return nil
	case syscall.ETIMEDOUT:
		return os.ErrDeadlineExceeded
	default:
		return err
	}
}

// kernelDeadline returns the time on CLOCK_MONOTONIC at which left will have passed. It is computed
// from the remaining time, since Go does not reveal the origin of its monotonic readings, and in a
// synctest bubble Go's time is not the kernel's.
func kernelDeadline(left time.Duration) (linux.Timespec, error) {
	var at linux.Timespec
	if err := linux.ClockGettime(unix.CLOCK_MONOTONIC, &at); err != nil {
		return at, err
	}
	return later(at, left), nil
}

// later returns the time d after at. d must not be negative.
func later(at linux.Timespec, d time.Duration) linux.Timespec {
	at.Sec += int64(d / time.Second)
	at.Nsec += int64(d % time.Second)
	if at.Nsec >= 1e9 {
		at.Sec, at.Nsec = at.Sec+1, at.Nsec-1e9
	}
	return at
}

func wake(addr *atomic.Uint32, all bool, scope Scope) error {
	n := uint32(1)
	if all {
		n = math.MaxInt32
	}
	_, err := linux.FutexWake(addr, n, scope.flags())
	return err
}
