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

func BenchmarkBiasedRWMutexUncontended(b *testing.B) {
	b.Run("op=read/impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=read/impl=osync-RWMutex", func(b *testing.B) {
		var m locks.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=read/impl=osync", func(b *testing.B) {
		var m locks.BiasedRWMutex
		for range b.N {
			m.RUnlock(m.RLock())
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
		var m locks.BiasedRWMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
}

func BenchmarkBiasedRWMutexContended(b *testing.B) {
	for _, workers := range []int{2, 8, 64} {
		for _, perMille := range []int{0, 1, 10, 100} {
			for _, work := range []int{0, 100} {
				for _, impl := range []string{"sync", "osync-RWMutex", "osync"} {
					b.Run(fmt.Sprintf("n=%d/permille=%d/work=%d/impl=%s", workers, perMille, work, impl), func(b *testing.B) {
						switch impl {
						case "sync":
							l := &new(locktest.Apart[sync.RWMutex]).L
							locktest.ContendRW(b, workers, perMille,
								func() { l.RLock(); locktest.Spend(work); l.RUnlock() },
								func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						case "osync-RWMutex":
							l := &new(locktest.Apart[locks.RWMutex]).L
							locktest.ContendRW(b, workers, perMille,
								func() { l.RLock(); locktest.Spend(work); l.RUnlock() },
								func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						case "osync":
							l := &new(locktest.Apart[locks.BiasedRWMutex]).L
							locktest.ContendRW(b, workers, perMille,
								func() { t := l.RLock(); locktest.Spend(work); l.RUnlock(t) },
								func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						}
					})
				}
			}
		}
	}
}
