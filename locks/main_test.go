// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

func TestMain(m *testing.M) { locktest.Main(m) }

// pinned starts workers as pinned threads, which wait in the kernel.
var pinned = locktest.Pinned(thread.Spawn)

// options are those of a lock whose misuse panics with the text of package sync.
func options() []locktest.Option {
	return []locktest.Option{locktest.Workers(pinned), locktest.Recoverable()}
}

// collide runs leave and then enter in workers, each of which comes as far as the queue of l, and lets them
// proceed together. Which one is first is open, but leave has the better chance.
func collide(c *locktest.Crew, l interface{ Hold() (release func()) }, leave, enter func()) {
	release := l.Hold()
	var begun atomic.Int32
	for i, f := range []func(){leave, enter} {
		c.Start(func() { begun.Add(1); f() })
		for int(begun.Load()) <= i {
			runtime.Gosched()
		}
		locktest.Spend(20_000)
	}
	release()
}
