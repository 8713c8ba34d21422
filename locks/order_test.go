// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"slices"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// TestQueueOrder shows that waiters that are woken together, in the order of the queue, arrived in this
// order.
func TestQueueOrder(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const waiters = 3
		var e locks.Event
		l := locks.NewLatch(1)
		b := locks.NewBarrier(waiters + 1)
		for _, test := range []struct {
			name string
			of   interface {
				locktest.Watched
				Line() []*park.Waiter
			}
			wait, wake func()
		}{
			{"Event", &e, e.Wait, e.Set},
			{"Latch", l, l.Wait, func() { l.Arrive(1) }},
			{"Barrier", b, func() { b.Wait() }, func() { b.Wait() }},
		} {
			var before []*park.Waiter
			for range waiters {
				c.StartWaiting(test.of, test.wait)
				now := test.of.Line()
				if !slices.Equal(now[:len(before)], before) {
					c.Errorf("%s: the queue was %p, and is %p", test.name, before, now)
				}
				before = now
			}
			test.wake()
		}
		c.Join()
	})
}
