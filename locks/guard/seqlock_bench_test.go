// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

func BenchmarkSeqLockLoad(b *testing.B) {
	type value [4]uint64
	for _, workers := range []int{1, 2, 8} {
		var sum atomic.Uint64
		readers := func(b *testing.B, load func() value) {
			locktest.Contend(b, locktest.Goroutines, workers, func(int) {
				if load()[0] != 0 {
					sum.Add(1)
				}
			})
		}
		b.Run(fmt.Sprintf("n=%d/impl=sync.RWMutex", workers), func(b *testing.B) {
			var rw sync.RWMutex
			var v value
			readers(b, func() value { rw.RLock(); defer rw.RUnlock(); return v })
		})
		b.Run(fmt.Sprintf("n=%d/impl=atomic.Pointer", workers), func(b *testing.B) {
			var p atomic.Pointer[value]
			p.Store(new(value))
			readers(b, func() value { return *p.Load() })
		})
		b.Run(fmt.Sprintf("n=%d/impl=osync", workers), func(b *testing.B) {
			var l guard.SeqLock[value]
			l.Store(value{})
			readers(b, l.Load)
		})
		b.Run(fmt.Sprintf("n=%d/impl=osync, before the first Store", workers), func(b *testing.B) {
			readers(b, new(guard.SeqLock[value]).Load)
		})
	}
}

func BenchmarkSeqLockStore(b *testing.B) {
	type value struct{ a, b, c, d uint64 }
	b.Run("impl=sync.RWMutex", func(b *testing.B) {
		var rw sync.RWMutex
		var v value
		for i := range b.N {
			rw.Lock()
			v.a = uint64(i)
			rw.Unlock()
		}
	})
	b.Run("impl=atomic.Pointer", func(b *testing.B) {
		var p atomic.Pointer[value]
		for i := range b.N {
			p.Store(&value{uint64(i), 1, 2, 3})
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var l guard.SeqLock[value]
		for i := range b.N {
			l.Store(value{uint64(i), 1, 2, 3})
		}
	})
}
