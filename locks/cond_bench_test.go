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

func newCond(impl string) (sync.Locker, locktest.Waiter) {
	if impl == "sync" {
		l := new(sync.Mutex)
		return l, sync.NewCond(l)
	}
	l := new(locks.Mutex)
	return l, locks.NewCond(l)
}

// BenchmarkCondPingPong passes a turn back and forth between two goroutines; an op is one round
// trip.
func BenchmarkCondPingPong(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, impl := range []string{"sync", "osync"} {
			b.Run(fmt.Sprintf("workers=%s/impl=%s", start.Name, impl), func(b *testing.B) {
				l, c := newCond(impl)
				turn := 0
				start.Run(2, func(me int) {
					for range b.N {
						l.Lock()
						for turn != me {
							c.Wait()
						}
						turn = 1 - me
						l.Unlock()
						c.Signal()
					}
				})
			})
		}
	}
}

// BenchmarkBroadcast wakes a crowd that waits with the mutex of the Cond; an op is one
// waiter woken.
func BenchmarkBroadcast(b *testing.B) {
	for _, n := range []int{10, 1000} {
		for _, impl := range []string{"sync", "osync"} {
			b.Run(fmt.Sprintf("n=%d/impl=%s", n, impl), func(b *testing.B) {
				l, c := newCond(impl)
				for left := b.N; left > 0; left -= n {
					waiting := 0
					var done sync.WaitGroup
					for range n {
						done.Go(func() {
							l.Lock()
							waiting++
							c.Wait()
							l.Unlock()
						})
					}
					for all := false; !all; {
						time.Sleep(10 * time.Microsecond)
						l.Lock()
						all = waiting == n
						l.Unlock()
					}
					c.Broadcast()
					done.Wait()
				}
			})
		}
	}
}
