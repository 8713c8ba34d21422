// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/sys/linux"
)

// A thread that sleeps in a plain system call keeps its processor (P) until the
// scheduler's monitor takes it away, 20 µs to 10 ms later. That is good for the sleeper,
// which comes back cheaply, and bad for runnable goroutines, which lack a processor
// meanwhile. So a sleeper keeps its P only while others are left: while fewer than
// GOMAXPROCS-1 recent sleepers hold one. Else it hands the P on before it sleeps.
//
// It also keeps it for 10 ms only, then wakes up and hands it on. That bounds the harm of a
// race in Go 1.26: reentersyscall looks whether the world is being stopped before it says that
// it is in a system call, stopTheWorld looks for such callers once, and in between it
// misses one. It then waits for that thread, and the monitor, which would take the P, sleeps
// until the next timer, or for a minute. Who hands the P on cannot be missed.

// keptForNs is how long a sleeper may keep its P. It is also the age at which one that is
// late to wake up counts as no longer holding a P: the monitor has taken it by then.
const keptForNs = 10e6

// keepers has a place for each sleeper that keeps its P: the time when it fell asleep,
// or 0. The first GOMAXPROCS-1 places are in use.
var keepers [16]atomic.Int64

// keep sleeps with the P, if it may. It returns nil or EAGAIN when the wait is over, ETIMEDOUT when it
// is over because of limit, which is left away, and EINTR when the caller has to hand the P on and
// sleep again. A limit that comes while the P is kept is told at once: a thread that had handed its
// P on first would stand behind all runnable goroutines before it could tell.
func keep(addr *atomic.Uint32, old uint32, limit *linux.Timespec, left time.Duration, flags uint32) error {
	t := mono.Now()
	spin.RefreshAt(t)
	place := claim(t)
	if place == nil {
		return syscall.EINTR
	}
	defer place.CompareAndSwap(t, 0) // unless it grew old, and another took it
	if limit == nil || left > keptForNs {
		err := linux.FutexWait(addr, old, &linux.Timespec{Nsec: keptForNs}, flags)
		if err == syscall.ETIMEDOUT {
			return syscall.EINTR
		}
		return err
	}
	for {
		err := linux.FutexWaitBitset(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, flags)
		if err != syscall.EINTR || addr.Load() != old {
			return err // EINTR and another value: the caller will see that
		}
	}
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
