// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

func BenchmarkMutexWith(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		n := 0
		for range b.N {
			func() {
				m.Lock()
				defer m.Unlock()
				n++
			}()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var g guard.Mutex[int]
		for range b.N {
			g.With(func(n *int) { *n++ })
		}
	})
	b.Run("impl=osync/form=When", func(b *testing.B) {
		var g guard.Mutex[int]
		for range b.N {
			g.When(func(n *int) bool { return *n >= 0 }, func(n *int) { *n++ })
		}
	})
}

// BenchmarkWhenBuffer moves units through a buffer of 8 with n takers and as many putters. The implementation
// with sync broadcasts a Cond at each change, as programs do where conditions differ.
func BenchmarkWhenBuffer(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, n := range []int{1, 8, 32} {
			for _, impl := range []string{"sync", "osync"} {
				b.Run(fmt.Sprintf("workers=%s/n=%d/impl=%s", start.Name, n, impl), func(b *testing.B) {
					var m sync.Mutex
					c := sync.NewCond(&m)
					units := 0
					var g guard.Mutex[int]
					move := func(cond func(*int) bool, f func(*int)) {
						if impl == "osync" {
							g.When(cond, f)
							return
						}
						m.Lock()
						for !cond(&units) {
							c.Wait()
						}
						f(&units)
						m.Unlock()
						c.Broadcast()
					}
					start.Run(2*n, func(worker int) {
						for range b.N/n + 1 {
							if worker%2 == 0 {
								move(func(u *int) bool { return *u < 8 }, func(u *int) { *u++ })
							} else {
								move(func(u *int) bool { return *u > 0 }, func(u *int) { *u-- })
							}
						}
					})
				})
			}
		}
	}
}
