// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/internal/held"
	"github.com/osync-go/osync/locks/watch"
)

// TestKeepsNothing makes many locks and goroutines, and leaves some of the locks locked.
func TestKeepsNothing(t *testing.T) {
	heap := func() int {
		var stats runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return int(stats.HeapAlloc)
	}
	if race.Enabled {
		t.Skip("the race detector's memory would be weighed, too")
	}
	const n = 100_000
	use := func() {
		var wg sync.WaitGroup
		for range n / 100 {
			wg.Go(func() {
				for i := range 100 {
					m := new([4]locks.Mutex)
					m[0].Lock()
					m[1].Lock()
					m[1].Unlock()
					if i != 0 {
						m[0].Unlock()
					}
				}
			})
			wg.Wait()
		}
	}
	use()
	before := heap()
	use()
	if more := heap() - before; more > 10<<20 {
		t.Errorf("%d locks that are gone take %d bytes", n, more)
	}
}

// TestHidesNothing shows that package held makes no order between goroutines that the race detector could take for
// one of the program: in a program without races it reports none, though all goroutines use what held shares.
func TestHidesNothing(t *testing.T) {
	if !race.Enabled {
		t.Log("this shows something with -race only")
	}
	defer held.Handle(func(held.Mistake) {})()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range locktest.Rounds(1000) {
				var a, b locks.Mutex
				var rw locks.RWMutex
				a.Lock()
				b.Lock()
				rw.RLock()
				rw.AssertHeld()
				rw.RUnlock()
				b.Unlock()
				a.Unlock()
				b.Lock()
				a.Lock()
				a.Unlock()
				b.Unlock()
			}
		})
	}
	// One goroutine makes one half of an inversion, and the other reports both. They are never the same locks,
	// which could block both.
	for i := range 2 {
		wg.Go(func() {
			var pair [2]locks.Mutex
			watch.Name(&pair[0], "first")
			watch.Name(&pair[1], "second")
			pair[i].Lock()
			pair[1-i].Lock()
			pair[1-i].Unlock()
			pair[i].Unlock()
		})
	}
	wg.Wait()
}
