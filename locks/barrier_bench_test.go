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

// A condBarrier is the usual barrier: a mutex, a condition, and the number of the round.
type condBarrier struct {
	mu                     sync.Mutex
	all                    sync.Cond
	parties, came, roundNo int
}

func (b *condBarrier) Wait() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.came++; b.came == b.parties {
		b.came = 0
		b.roundNo++
		b.all.Broadcast()
		return true
	}
	for round := b.roundNo; round == b.roundNo; {
		b.all.Wait()
	}
	return false
}

// BenchmarkBarrier goes through rounds; an op is a round.
func BenchmarkBarrier(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, parties := range []int{2, 8} {
			for _, impl := range []string{"sync.Cond", "osync"} {
				b.Run(fmt.Sprintf("workers=%s/n=%d/impl=%s", start.Name, parties, impl), func(b *testing.B) {
					ours := locks.NewBarrier(parties)
					wait := func() bool { leader, _ := ours.Wait(); return leader }
					if impl != "osync" {
						barrier := &condBarrier{parties: parties}
						barrier.all.L = &barrier.mu
						wait = barrier.Wait
					}
					start.Run(parties, func(int) {
						for range b.N {
							wait()
						}
					})
				})
			}
		}
	}
}
