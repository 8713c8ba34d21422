// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package waitlimit

import (
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/park"
)

const never = -1

func wrong(m *locks.Mutex, rw *locks.RWMutex, c *locks.Cond, e *locks.Event, s *locks.Semaphore, g *guard.Mutex[int], w *atomic.Uint32) {
	_ = m.TryLockFor(0)                   // want `locks.Mutex.TryLockFor with a limit of 0 does not wait: call TryLock`
	_ = m.TryLockFor(never)               // want `with a negative limit does not wait: call Lock to wait for as long as it takes, or TryLock not to wait`
	_ = m.TryLockFor(100)                 // want `waits for 100 nanoseconds: give a unit, as in 100\*time.Millisecond`
	_ = rw.TryRLockFor(-time.Millisecond) // want `call RLock to wait`
	_ = c.WaitFor(0)                      // want `it only unlocks and locks`
	_ = e.WaitFor(0)                      // want `call IsSet`
	_ = s.TryAcquireFor(1, 0)             // want `call TryAcquire`
	_ = g.TryWithFor(0, nil)              // want `call TryWith`
	_ = g.WhenFor(never, nil, nil)        // want `call When to wait for as long as it takes, or give 0 not to wait`
	_ = park.WaitFor(w, 0, 0)             // want `only compares`
}

func right(m *locks.Mutex, wg *locks.WaitGroup, g *guard.Mutex[int], d time.Duration) {
	_ = m.TryLockFor(d)
	_ = m.TryLockFor(time.Millisecond)
	_ = m.TryLockFor(1)
	_ = wg.WaitFor(0)
	_ = g.WhenFor(0, nil, nil)
}
