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
						turns := make([]struct {
							n int
							_ [128]byte
						}, workers)
						readers := func(read, write func()) {
							locktest.Contend(b, locktest.Goroutines, workers, func(w int) {
								turns[w].n += 371 // prime to 1000: writes are spread evenly
								if turns[w].n%1000 < perMille {
									write()
								} else {
									read()
								}
							})
						}
						switch impl {
						case "sync":
							l := &new(locktest.Apart[sync.RWMutex]).L
							readers(func() { l.RLock(); locktest.Spend(work); l.RUnlock() }, func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						case "osync-RWMutex":
							l := &new(locktest.Apart[locks.RWMutex]).L
							readers(func() { l.RLock(); locktest.Spend(work); l.RUnlock() }, func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						case "osync":
							l := &new(locktest.Apart[locks.BiasedRWMutex]).L
							readers(func() { t := l.RLock(); locktest.Spend(work); l.RUnlock(t) }, func() { l.Lock(); locktest.Spend(work); l.Unlock() })
						}
					})
				}
			}
		}
	}
}
