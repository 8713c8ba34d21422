// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/freebsd"
	"golang.org/x/sys/unix"
)

// viaUmtx is _umtx_op, which every FreeBSD that Go runs on has.
const viaUmtx way = 0

var wayNames = [...]string{viaUmtx: "umtx"}

func (way) sleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var at *freebsd.UmtxTime
	if limit != noLimit {
		at = &freebsd.UmtxTime{
			Timeout: freebsd.ToTimespec(clock().duration(limit)),
			Flags:   freebsd.UMTX_ABSTIME,
			ClockID: unix.CLOCK_MONOTONIC,
		}
	}
	if scope == Shared {
		return bsd.UmtxOutcome(freebsd.UmtxWaitUint(addr, old, at))
	}
	return bsd.UmtxOutcome(freebsd.UmtxWaitUintPrivate(addr, old, at))
}

func (way) wake(addr *atomic.Uint32, all bool, scope Scope) error {
	n := int32(1)
	if all {
		n = math.MaxInt32
	}
	if scope == Shared {
		return freebsd.UmtxWake(unsafe.Pointer(addr), n)
	}
	return freebsd.UmtxWakePrivate(addr, n)
}

func (way) reachesProcesses() bool { return true }

func now() ticks {
	var t freebsd.Timespec
	if freebsd.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return ticks(t.Sec)*ticks(time.Second) + ticks(t.Nsec)
}

func clock() timebase { return timebase{1, 1} }
