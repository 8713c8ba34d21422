// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/dragonfly"
	"golang.org/x/sys/unix"
)

// viaUmtxSleep is umtx_sleep, which every DragonFly that Go runs on has. It identifies words by their physical address,
// so it reaches other processes. There is no cheaper call for a single process.
const viaUmtxSleep way = 0

var wayNames = [...]string{viaUmtxSleep: "umtx_sleep"}

func (way) sleep(addr *atomic.Uint32, old uint32, limit ticks, _ Scope) error {
	var timeout int32 // none except the kernel's own two seconds
	if limit != noLimit {
		timeout = dragonfly.Microseconds(limit.left())
	}
	return bsd.UmtxSleepOutcome(dragonfly.UmtxSleep(addr, old, timeout))
}

func (way) wake(addr *atomic.Uint32, all bool, scope Scope) error {
	count := int32(1)
	if all {
		count = 0
	}
	err := dragonfly.UmtxWakeup(addr, count)
	if scope == Private {
		return nil // no thread sleeps on unmapped memory
	}
	return err
}

func (way) reachesProcesses() bool { return true }

func now() ticks {
	var t dragonfly.Timespec
	if dragonfly.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return ticks(t.Sec)*ticks(time.Second) + ticks(t.Nsec)
}

func clock() timebase { return timebase{1, 1} }
