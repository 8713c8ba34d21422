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

// BenchmarkLatch opens a latch for eight; an op is one of them.
func BenchmarkLatch(b *testing.B) {
	const n = 8
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, impl := range []string{"sync.WaitGroup", "osync"} {
			b.Run(fmt.Sprintf("workers=%s/impl=%s", start.Name, impl), func(b *testing.B) {
				all := make([]func(), b.N/n+1)
				for i := range all {
					if impl == "osync" {
						all[i] = locks.NewLatch(n).ArriveAndWait
					} else {
						wg := new(sync.WaitGroup)
						wg.Add(n)
						all[i] = func() { wg.Done(); wg.Wait() }
					}
				}
				start.Run(n, func(int) {
					for _, arriveAndWait := range all {
						arriveAndWait()
					}
				})
			})
		}
	}
}
