// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func BenchmarkRWMutexUncontended(b *testing.B) {
	b.Run("op=read/impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=read/impl=osync", func(b *testing.B) {
		var m locks.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=write/impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("op=write/impl=osync", func(b *testing.B) {
		var m locks.RWMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
}

func BenchmarkRWMutexContended(b *testing.B) {
	for _, workers := range []int{2, 8, 64} {
		for _, writes := range []int{0, 1, 10, 50} {
			for _, work := range []int{0, 100, 1000} {
				for _, impl := range []string{"sync", "osync"} {
					var l locktest.RWLocker = &new(locktest.Apart[sync.RWMutex]).L
					if impl == "osync" {
						l = &new(locktest.Apart[locks.RWMutex]).L
					}
					b.Run(fmt.Sprintf("n=%d/writes=%d/work=%d/impl=%s", workers, writes, work, impl), func(b *testing.B) {
						locktest.ContendRW(b, workers, 10*writes,
							func() { l.RLock(); locktest.Spend(work); l.RUnlock() },
							func() { l.Lock(); locktest.Spend(work); l.Unlock() })
					})
				}
			}
		}
	}
}
