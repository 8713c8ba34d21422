// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"sync/atomic"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/netbsd"
	"golang.org/x/sys/unix"
)

// viaFutex is __futex, since NetBSD 10. An older kernel has only _lwp_park, which wakes a given thread rather than the
// waiters of a word, and whose single permit per thread is used by Go's runtime: this package would need a table of
// queues.
const viaFutex way = 0

var wayNames = [...]string{viaFutex: "futex"}

// sleep passes a point in time: the kernel restarts the call after a signal, and a duration would start over, too.
func (way) sleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var deadline *unix.Timespec
	var t unix.Timespec
	if limit != noLimit {
		t = unix.NsecToTimespec(int64(min(bsd.Deadline(uint64(limit), uint64(now())), math.MaxInt64)))
		deadline = &t
	}
	return bsd.Outcome(netbsd.FutexWaitBitset(addr, old, deadline, netbsd.FUTEX_BITSET_MATCH_ANY, flags(scope)))
}

func (way) wake(addr *atomic.Uint32, all bool, scope Scope) error {
	nr := uint32(1)
	if all {
		nr = math.MaxInt32
	}
	_, err := netbsd.FutexWake(addr, nr, flags(scope))
	return err
}

func flags(scope Scope) uint32 {
	if scope == Private {
		return netbsd.FUTEX_PRIVATE_FLAG
	}
	return 0
}

func (way) reachesProcesses() bool { return true }

func now() ticks {
	var t unix.Timespec
	if unix.ClockGettime(netbsd.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return ticks(t.Nano())
}

func clock() timebase { return timebase{1, 1} }
