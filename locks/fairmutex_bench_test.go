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

func BenchmarkFairMutexUncontended(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var m locks.FairMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
}

// A channelMutex is the fair mutex that is common today: a channel hands its value to the longest
// receiver.
type channelMutex chan struct{}

func (m channelMutex) Lock()   { m <- struct{}{} }
func (m channelMutex) Unlock() { <-m }

func BenchmarkFairMutexContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, workers := range []int{2, 8, 64} {
			for _, work := range []int{0, 1000} {
				for _, impl := range []string{"channel", "sync", "osync"} {
					var l sync.Locker
					switch impl {
					case "channel":
						l = make(channelMutex, 1)
					case "sync":
						l = &new(locktest.Apart[sync.Mutex]).L
					case "osync":
						l = &new(locktest.Apart[locks.FairMutex]).L
					}
					b.Run(fmt.Sprintf("workers=%s/n=%d/work=%d/impl=%s", start.Name, workers, work, impl), func(b *testing.B) {
						locktest.Contend(b, start, workers, func(int) {
							l.Lock()
							locktest.Spend(work)
							l.Unlock()
							locktest.Spend(1000)
						})
					})
				}
			}
		}
	}
}
