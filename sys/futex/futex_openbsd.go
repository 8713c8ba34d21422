// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/openbsd"
	"golang.org/x/sys/unix"
)

// viaFutex is futex(2), which every OpenBSD that Go runs on has.
const viaFutex way = 0

var wayNames = [...]string{viaFutex: "futex"}

func (way) sleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var timeout *unix.Timespec
	var t unix.Timespec
	if limit != noLimit {
		t = unix.NsecToTimespec(int64(bsd.Timeout(limit.left())))
		timeout = &t
	}
	err := bsd.Outcome(openbsd.FutexWait(addr, old, timeout, flags(scope)))
	if err == syscall.EFAULT {
		return syscall.EINTR // the page was not in memory; checking the word brings it back
	}
	return err
}

func (way) wake(addr *atomic.Uint32, all bool, scope Scope) error {
	nr := uint32(1)
	if all {
		nr = math.MaxInt32
	}
	_, err := openbsd.FutexWake(addr, nr, flags(scope))
	return err
}

func flags(scope Scope) uint32 {
	if scope == Private {
		return openbsd.FUTEX_PRIVATE_FLAG
	}
	return 0
}

func (way) reachesProcesses() bool { return true }

func now() ticks {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return ticks(t.Nano())
}

func clock() timebase { return timebase{1, 1} }
