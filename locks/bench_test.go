// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// Benchmarks without contention call the concrete types, since an interface call would hide inlining.

// Locks under test lie on cache lines of their own.
type apart[T any] struct {
	_ [128]byte
	l T
	_ [128]byte
}

// contend divides b.N turns among workers.
func contend(b *testing.B, start locktest.Start, workers int, turn func(worker int)) {
	var joins []func()
	var turns atomic.Int64
	turns.Store(int64(b.N))
	begin := make(chan struct{})
	for w := range workers {
		joins = append(joins, start.Go(func() {
			<-begin
			const batch = 64
			for turns.Add(-batch) > -batch {
				for range batch {
					turn(w)
				}
			}
		}))
	}
	b.ResetTimer()
	close(begin)
	for _, join := range joins {
		join()
	}
}
