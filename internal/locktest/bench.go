// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"sync/atomic"
	"testing"
)

// Benchmarks without contention call the concrete types, since an interface call would hide inlining.

// Apart keeps a lock under test on cache lines of its own.
type Apart[T any] struct {
	_ [128]byte
	L T
	_ [128]byte
}

// Contend divides b.N turns among workers.
func Contend(b *testing.B, start Start, workers int, turn func(worker int)) {
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

// ContendRW divides b.N turns among goroutines, of which so many in a thousand write.
func ContendRW(b *testing.B, workers, perMille int, read, write func()) {
	turns := make([]Apart[int], workers)
	Contend(b, Goroutines, workers, func(w int) {
		turns[w].L += 371 // prime to 1000: writes are spread evenly
		if turns[w].L%1000 < perMille {
			write()
		} else {
			read()
		}
	})
}
