// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// BenchmarkBumpUncontended calls each form of Bump when no goroutine waits.
func BenchmarkBumpUncontended(b *testing.B) {
	b.Run("impl=sync/form=Unlock,Lock", func(b *testing.B) {
		var m sync.Mutex
		m.Lock()
		for range b.N {
			m.Unlock()
			m.Lock()
		}
	})
	b.Run("impl=sync/form=Unlock,Gosched,Lock", func(b *testing.B) {
		var m sync.Mutex
		m.Lock()
		for range b.N {
			m.Unlock()
			runtime.Gosched()
			m.Lock()
		}
	})
	b.Run("impl=osync/form=Mutex", func(b *testing.B) {
		var m locks.Mutex
		m.Lock()
		for range b.N {
			m.Bump()
		}
	})
	b.Run("impl=osync/form=FairMutex", func(b *testing.B) {
		var m locks.FairMutex
		m.Lock()
		for range b.N {
			m.Bump()
		}
	})
	b.Run("impl=osync/form=RWMutex", func(b *testing.B) {
		var rw locks.RWMutex
		rw.Lock()
		for range b.N {
			rw.Bump()
		}
	})
	b.Run("impl=osync/form=RBump", func(b *testing.B) {
		var rw locks.RWMutex
		rw.RLock()
		for range b.N {
			rw.RBump()
		}
	})
	b.Run("impl=osync/form=BiasedRWMutex.RBump", func(b *testing.B) {
		var rw locks.BiasedRWMutex
		rw.RUnlock(rw.RLock())
		t := rw.RLock()
		for range b.N {
			t, _ = rw.RBump(t)
		}
	})
}

// BenchmarkBumpLoop holds a lock for long, in steps of 1 µs, and lets others in after each. Goroutines want the lock for a
// moment, 100 µs apart. It reports how long they wait, on average and at most, and how often they got in for a step.
func BenchmarkBumpLoop(b *testing.B) {
	letIn := func(m sync.Locker, pause func()) func() { return func() { m.Unlock(); pause(); m.Lock() } }
	for _, others := range []int{1, 8} {
		for _, impl := range []struct {
			name string
			make func() (m sync.Locker, letIn func())
		}{
			{"impl=sync/form=Unlock,Lock", func() (sync.Locker, func()) { m := new(sync.Mutex); return m, letIn(m, func() {}) }},
			{"impl=sync/form=Unlock,Gosched,Lock", func() (sync.Locker, func()) { m := new(sync.Mutex); return m, letIn(m, runtime.Gosched) }},
			{"impl=sync/form=Unlock,Sleep,Lock", func() (sync.Locker, func()) {
				m := new(sync.Mutex)
				return m, letIn(m, func() { time.Sleep(50 * time.Microsecond) })
			}},
			{"impl=osync/form=Unlock,Lock", func() (sync.Locker, func()) { m := new(locks.Mutex); return m, letIn(m, func() {}) }},
			{"impl=osync/form=Bump", func() (sync.Locker, func()) { m := new(locks.Mutex); return m, func() { m.Bump() } }},
			{"impl=osync/form=FairMutex.Bump", func() (sync.Locker, func()) { m := new(locks.FairMutex); return m, func() { m.Bump() } }},
			{"impl=osync/form=RWMutex.Bump", func() (sync.Locker, func()) { m := new(locks.RWMutex); return m, func() { m.Bump() } }},
		} {
			b.Run(fmt.Sprintf("others=%d/%s", others, impl.name), func(b *testing.B) {
				m, letIn := impl.make()
				var over atomic.Bool
				var turns, waited, longest atomic.Int64
				var wg sync.WaitGroup
				m.Lock()
				for range others {
					wg.Go(func() {
						for !over.Load() {
							begin := time.Now()
							m.Lock()
							w := int64(time.Since(begin))
							m.Unlock()
							turns.Add(1)
							waited.Add(w)
							for old := longest.Load(); w > old && !longest.CompareAndSwap(old, w); old = longest.Load() {
							}
							time.Sleep(100 * time.Microsecond)
						}
					})
				}
				b.ResetTimer()
				for range b.N {
					locktest.Spend(1000)
					letIn()
				}
				b.StopTimer()
				over.Store(true)
				m.Unlock()
				wg.Wait()
				b.ReportMetric(float64(waited.Load())/float64(max(turns.Load(), 1))/1000, "µs/wait")
				b.ReportMetric(float64(longest.Load())/1000, "µs/longest")
				b.ReportMetric(float64(turns.Load())/float64(b.N), "turns/op")
			})
		}
	}
}
