// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/sys/linux"
)

// A thread that sleeps in a plain system call keeps its processor (P) until the
// scheduler's monitor takes it away, 20 µs to 10 ms later. That is good for the sleeper,
// which comes back cheaply, and bad for runnable goroutines, which lack a processor
// meanwhile. So a sleeper keeps its P only while others are left: while fewer than
// GOMAXPROCS-1 recent sleepers hold one. Else it hands the P on before it sleeps.

// keptForNs is the age at which a sleeper counts as no longer holding a P: the monitor,
// which tells nobody, has taken it by then.
const keptForNs = 10e6

// keepers has a place for each sleeper that keeps its P: the time when it fell asleep,
// or 0. The first GOMAXPROCS-1 places are in use.
var keepers [16]atomic.Int64

// sleep is one FUTEX_WAIT_BITSET, with or without the P.
func sleep(addr *atomic.Uint32, old uint32, limit *linux.Timespec, flags uint32) syscall.Errno {
	t := mono.Now()
	spin.RefreshAt(t)
	place := claim(t)
	if place == nil {
		return sleepHandingOn(addr, old, limit, flags)
	}
	errno := sleepKeeping(addr, old, limit, flags)
	place.CompareAndSwap(t, 0) // unless it grew old, and another took it
	return errno
}

// claim returns the place of a sleeper that may keep its P, or nil.
func claim(t int64) *atomic.Int64 {
	for i := range min(spin.Procs()-1, len(keepers)) {
		place := &keepers[i]
		since := place.Load()
		if since != 0 && uint64(t-since) < keptForNs {
			continue
		}
		if place.CompareAndSwap(since, t) {
			return place
		}
	}
	return nil
}

// sleepKeeping sleeps in an ordinary system call.
func sleepKeeping(addr *atomic.Uint32, old uint32, limit *linux.Timespec, flags uint32) syscall.Errno {
	if err := linux.FutexWaitBitset(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, flags); err != nil {
		return err.(syscall.Errno)
	}
	return 0
}
