// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/spin"
)

func BenchmarkSpinUncontended(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var l sync.Mutex
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=Lock", func(b *testing.B) {
		var l spin.Lock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=TicketLock", func(b *testing.B) {
		var l spin.TicketLock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=MCSLock", func(b *testing.B) {
		var l spin.MCSLock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
}

func BenchmarkSpinContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, workers := range []int{2, 8} {
			for _, work := range []int{0, 50, 1000} {
				for _, impl := range []struct {
					name string
					l    sync.Locker
				}{
					{"sync", &new(locktest.Apart[sync.Mutex]).L},
					{"Mutex", &new(locktest.Apart[locks.Mutex]).L},
					{"Lock", &new(locktest.Apart[spin.Lock]).L},
					{"TicketLock", &new(locktest.Apart[spin.TicketLock]).L},
					{"MCSLock", &new(locktest.Apart[spin.MCSLock]).L},
				} {
					b.Run(fmt.Sprintf("workers=%s/n=%d/work=%d/impl=%s", start.Name, workers, work, impl.name), func(b *testing.B) {
						locktest.Contend(b, start, workers, func(int) {
							impl.l.Lock()
							locktest.Spend(work)
							impl.l.Unlock()
							locktest.Spend(200)
						})
					})
				}
			}
		}
	}
}
