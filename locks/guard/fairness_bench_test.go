// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

func BenchmarkTails(b *testing.B) {
	with := func(g monitor[int]) locktest.Enter {
		return func(_ int, inside func()) { g.With(func(*int) { inside() }) }
	}
	when := func(g monitor[int]) locktest.Enter {
		yes := func(*int) bool { return true }
		return func(_ int, inside func()) { g.When(yes, func(*int) { inside() }) }
	}
	tails := append([]locktest.Tail{
		locktest.MutexTail("Mutex.With", func() locktest.Enter { return with(new(guard.Mutex[int])) }),
		locktest.MutexTail("Mutex.When", func() locktest.Enter { return when(new(guard.Mutex[int])) }),
	}, locktest.RWTails("RWMutex", func() locktest.Enter {
		g := new(guard.RWMutex[int])
		return locktest.Shared(func(_ int, inside func()) { g.Read(func(int) { inside() }) }, with(g))
	})...)
	locktest.Tails(b, locktest.Goroutines, tails...)
	locktest.Tails(b, pinned, tails...)
}
