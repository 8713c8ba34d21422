// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func BenchmarkMutexUncontended(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=osync/form=TryLockFor", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.TryLockFor(time.Second)
			m.Unlock()
		}
	})
	b.Run("impl=osync/form=LockContext", func(b *testing.B) {
		var m locks.Mutex
		ctx := b.Context()
		for range b.N {
			m.LockContext(ctx)
			m.Unlock()
		}
	})
}

func BenchmarkMutexContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, workers := range []int{2, 8, 64, 512} {
			if start.Threads && workers > 64 {
				continue
			}
			for _, think := range []int{0, 1000} {
				for _, work := range []int{0, 100, 1000} {
					for _, impl := range []string{"sync", "osync"} {
						var l sync.Locker = &new(locktest.Apart[sync.Mutex]).L
						if impl == "osync" {
							l = &new(locktest.Apart[locks.Mutex]).L
						}
						b.Run(fmt.Sprintf("workers=%s/n=%d/think=%d/work=%d/impl=%s", start.Name, workers, think, work, impl), func(b *testing.B) {
							locktest.Contend(b, start, workers, func(int) {
								l.Lock()
								locktest.Spend(work)
								l.Unlock()
								locktest.Spend(think)
							})
						})
					}
				}
			}
		}
	}
}
