// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestWaitGroupGoexit ends a task by runtime.Goexit: that finishes it, too.
func TestWaitGroupGoexit(t *testing.T) {
	var wg locks.WaitGroup
	wg.Go(runtime.Goexit)
	wg.Wait()
}

// TestWaitGroupGivingUp lets waits give up as the last task ends. A wait that succeeds sees what the tasks
// wrote to plain variables, and each wait without a limit succeeds.
func TestWaitGroupGivingUp(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const tasks = 2
		var wg locks.WaitGroup
		var through, gaveUp atomic.Int64
		random := c.Random(0)
		n := locktest.Rounds(1000)
		for round := range n {
			var news [tasks]int
			see := func(done bool) {
				if !done {
					gaveUp.Add(1)
					return
				}
				through.Add(1)
				for _, got := range news {
					if got != round+1 {
						c.Errorf("a wait ended before the last task")
					}
				}
			}
			wg.Add(tasks)
			d := time.Duration(random.IntN(50_000))
			ctx, cancel := locktest.Briefly(random)
			c.Start(func() { wg.Wait(); see(true) })
			c.Start(func() { see(wg.WaitFor(d)) })
			c.Start(func() { see(wg.WaitContext(ctx) == nil) })
			for i := range tasks {
				c.Start(func() { news[i] = round + 1; wg.Done() })
			}
			c.Join()
			cancel()
			c.Idle(&wg, 0)
		}
		c.Logf("%d through, %d gave up", through.Load(), gaveUp.Load())
		if sum := through.Load() + gaveUp.Load(); sum != int64(3*n) || through.Load() < int64(n) {
			c.Errorf("%d are through and %d gave up, of %d", through.Load(), gaveUp.Load(), 3*n)
		}
	})
}

func TestWaitGroup(t *testing.T) {
	locktest.WaitGroup(t, func() locktest.Group { return new(locks.WaitGroup) }, options()...)
}
