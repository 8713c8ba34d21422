// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/spin"
)

func BenchmarkTails(b *testing.B) {
	tail := func(name string, lock func() sync.Locker) locktest.Tail {
		return locktest.MutexTail(name, func() locktest.Enter { return locktest.Locked(lock()) })
	}
	tails := []locktest.Tail{
		tail("Lock", func() sync.Locker { return &new(locktest.Apart[spin.Lock]).L }),
		tail("TicketLock", func() sync.Locker { return &new(locktest.Apart[spin.TicketLock]).L }),
		tail("MCSLock", func() sync.Locker { return &new(locktest.Apart[spin.MCSLock]).L }),
	}
	locktest.Tails(b, locktest.Goroutines, tails...)
	locktest.Tails(b, pinned, tails...)
}
