// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package goid

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/race"
)

// TestSelf compares with stack dumps, in many goroutines, whose records are used again and again.
func TestSelf(t *testing.T) {
	var mu sync.Mutex
	seen := map[uint64]bool{}
	records := map[uintptr]bool{}
	const n, rounds = 50, 20
	for range rounds {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				g, id := Self()
				if want := dumped(); id != want || g == 0 {
					t.Errorf("Self() = %#x, %d in goroutine %d", g, id, want)
				}
				runtime.Gosched()
				if again, same := Self(); again != g || same != id {
					t.Errorf("Self() = %#x, %d, then %#x, %d", g, id, again, same)
				}
				mu.Lock()
				defer mu.Unlock()
				if seen[id] {
					t.Errorf("two goroutines have the number %d", id)
				}
				seen[id], records[g] = true, true
			})
		}
		wg.Wait()
	}
	if len(records) == n*rounds {
		t.Logf("no record was used twice")
	}
}

// TestFound shows that the number is read, and not from a stack dump, where that was asked for.
func TestFound(t *testing.T) {
	Self()
	if found := number.offset.Load() > nowhere; found != readable {
		t.Errorf("the number is read from the runtime's record: %v, want %v", found, readable)
	}
}

// TestFindUnseen looks for the place as in a lock that has told the race detector to look away: it
// must not take that for a race.
func TestFindUnseen(t *testing.T) {
	race.Disable()
	find()
	race.Enable()
	TestFound(t)
}

// TestNowhere shows that a stack dump serves as well.
func TestNowhere(t *testing.T) {
	g, id := Self()
	found := number.offset.Swap(nowhere)
	defer number.offset.Store(found)
	if again, same := Self(); again != g || same != id {
		t.Errorf("Self() = %#x, %d by a stack dump, %#x, %d without", again, same, g, id)
	}
	if n := testing.AllocsPerRun(100, func() { Self() }); n != 0 {
		t.Errorf("a stack dump costs %v allocations", n)
	}
}

func BenchmarkSelf(b *testing.B) {
	b.Run("from=record", func(b *testing.B) {
		for b.Loop() {
			Self()
		}
	})
	b.Run("from=dump", func(b *testing.B) {
		for b.Loop() {
			dumped()
		}
	})
}
