// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/internal/keep"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/sys/linux"
)

// sleepKeeping sleeps without giving up the P, if package keep permits it. It returns nil or EAGAIN
// when the wait is over, ETIMEDOUT when limit, the remaining time, has passed, and EINTR when the
// caller has to hand off the P and sleep again. A thread whose limit ends this sleep must not sleep
// again without its P: it would queue behind all runnable goroutines before it could report its
// deadline.
func sleepKeeping(addr *atomic.Uint32, old uint32, limit *linux.Timespec, left time.Duration, flags uint32) error {
	t := mono.Now()
	place := keep.Claim(t)
	if place == nil {
		return syscall.EINTR
	}
	defer place.Leave(t)
	if limit == nil || left > keep.ForNs {
		err := linux.FutexWait(addr, old, &linux.Timespec{Nsec: keep.ForNs}, flags)
		if err == syscall.ETIMEDOUT {
			return syscall.EINTR
		}
		return err
	}
	for {
		err := linux.FutexWaitBitset(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, flags)
		if err != syscall.EINTR || addr.Load() != old {
			return err // after EINTR the caller sees that the word differs
		}
	}
}
