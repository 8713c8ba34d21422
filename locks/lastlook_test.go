// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
)

// TestLastLook ends a wait by its limit after the event, and before the wake-up.
func TestLastLook(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func() (w locktest.LateWait)
	}{
		{"WaitGroup", func() locktest.LateWait {
			var wg WaitGroup
			wg.Add(1)
			return locktest.LateWait{WaitFor: wg.WaitFor, WaitContext: wg.WaitContext, Happen: func() { wg.state.Add(1<<64 - 1<<32) }, Wake: wg.wakeAll}
		}},
		{"Latch", func() locktest.LateWait {
			l := NewLatch(1)
			return locktest.LateWait{WaitFor: l.WaitFor, WaitContext: l.WaitContext, Happen: func() { l.state.Store(0) }, Wake: l.wakeAll}
		}},
		{"Semaphore", func() locktest.LateWait {
			s := NewSemaphore(2)
			s.TryAcquire(2)
			return locktest.LateWait{
				WaitFor:     func(d time.Duration) bool { return s.TryAcquireFor(2, d) },
				WaitContext: func(ctx context.Context) error { return s.AcquireContext(ctx, 2) },
				Happen:      func() { s.state.Add(2 << semShift) }, Wake: s.serve,
			}
		}},
		{"Once", func() locktest.LateWait {
			var o Once
			o.m.Lock() // as while f runs, and as while another waiter looks
			do := func(ctx context.Context) error {
				return o.DoContext(ctx, func(context.Context) error { return nil })
			}
			return locktest.LateWait{
				WaitFor: func(d time.Duration) bool {
					ctx, cancel := context.WithTimeout(context.Background(), d)
					defer cancel()
					return do(ctx) == nil
				},
				WaitContext: do, Happen: func() { o.done.Store(1) }, Wake: func() {},
			}
		}},
		{"Mutex", func() locktest.LateWait {
			var m Mutex
			m.Lock()
			return locktest.LateWait{WaitFor: m.TryLockFor, WaitContext: m.LockContext, Happen: func() { m.state.And(^uint32(mutexLocked)) }, Wake: func() {}}
		}},
		{"RWMutex, writer", func() locktest.LateWait {
			var rw RWMutex
			rw.RLock()
			var s uint32
			return locktest.LateWait{WaitFor: rw.TryLockFor, WaitContext: rw.LockContext, Happen: func() { s = rw.state.Add(rwLess) }, Wake: func() { rw.readerLeft(s) }}
		}},
		{"RWMutex, upgrade", func() locktest.LateWait {
			var rw RWMutex
			rw.RLock()
			rw.UpgradableLock()
			var s uint32
			return locktest.LateWait{WaitFor: rw.TryUpgradeFor, WaitContext: rw.UpgradeContext, Happen: func() { s = rw.state.Add(rwLess) }, Wake: func() { rw.readerLeft(s) }}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { locktest.LastLook(t, tt.make) })
	}
}
