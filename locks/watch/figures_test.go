// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"encoding/json"
	"expvar"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

var runs atomic.Int32

// fresh returns a name that no lock has had, as what is counted by name stays.
func fresh(name string) string { return fmt.Sprint(name, " ", runs.Add(1)) }

// figure returns the Figure of a name.
func figure(t *testing.T, name string) watch.Figure {
	t.Helper()
	figures := watch.Figures()
	i := slices.IndexFunc(figures, func(f watch.Figure) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no Figure of %q", name)
	}
	return figures[i]
}

func TestFigures(t *testing.T) {
	name := fresh("figures")
	shards := [2]*locks.RWMutex{new(locks.RWMutex), new(locks.RWMutex)}
	for _, m := range shards {
		watch.Name(m, name)
	}
	if f := figure(t, name); f.Waits != 0 || f.Total != 0 || f.Waiting != 0 || f.Type != "locks.RWMutex" {
		t.Errorf("before the first wait: %+v", f)
	}
	const least = 3 * time.Millisecond
	for _, m := range shards {
		m.Lock()
		watch.GiveUpAfter(t, least, m.LockContext)
		watch.GiveUpAfter(t, least, m.RLockContext)
	}
	f := figure(t, name)
	if f.Waits != 4 || f.GaveUp != 4 || f.Longest < least || f.Total < 4*least || f.Total > 4*f.Longest || f.Waiting != 0 {
		t.Errorf("after 4 waits that gave up: %+v", f)
	}
	sum, from := uint64(0), time.Duration(0)
	for _, b := range f.Buckets {
		if sum += b.Waits; b.Waits > 0 && b.UpTo < least {
			t.Errorf("%d waits took up to %v, want at least %v", b.Waits, b.UpTo, least)
		}
		if b.UpTo <= from {
			t.Errorf("a bucket up to %v is behind one up to %v", b.UpTo, from)
		}
		from = b.UpTo
	}
	if sum != 4 || f.Buckets[0].UpTo != time.Microsecond || from != math.MaxInt64 {
		t.Errorf("%d waits in the buckets from %v to %v, want 4", sum, f.Buckets[0].UpTo, from)
	}

	var wg sync.WaitGroup
	wg.Go(func() {
		shards[0].RLock()
		shards[0].RUnlock()
	})
	locktest.Eventually(t, "a waiter of some age", func() bool {
		f := figure(t, name)
		return f.Waiting == 1 && f.Oldest > least
	})
	shards[0].Unlock()
	wg.Wait()
	if f := figure(t, name); f.Waits != 5 || f.GaveUp != 4 || f.Waiting != 0 || f.Oldest != 0 {
		t.Errorf("after a wait that did not give up: %+v", f)
	}
}

// TestFiguresBiased has a wait on a word that does not lie in the lock.
func TestFiguresBiased(t *testing.T) {
	m := new(locks.BiasedRWMutex)
	name := fresh("biased")
	watch.Name(m, name)
	token := m.RLock()
	m.TryLockFor(time.Millisecond)
	m.RUnlock(token)
	if f := figure(t, name); f.Waits != 1 || f.GaveUp != 1 {
		t.Errorf("%+v", f)
	}
}

func TestVars(t *testing.T) {
	m := new(locks.Mutex)
	name := fresh(`a "name"`)
	watch.Name(m, name)
	m.Lock()
	watch.GiveUpAfter(t, time.Millisecond, m.LockContext)
	var v expvar.Var = watch.Vars()
	var figures []struct {
		Name, Type string
		Waits      int
		Longest    float64 `json:"longest_seconds"`
		Buckets    []struct {
			UpTo  float64 `json:"up_to_seconds"`
			Waits int
		}
	}
	if err := json.Unmarshal([]byte(v.String()), &figures); err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.Name == name {
			if f.Type != "locks.Mutex" || f.Waits != 1 || f.Longest < 1e-3 || len(f.Buckets) != 1 || f.Buckets[0].Waits != 1 || f.Buckets[0].UpTo < f.Longest {
				t.Errorf("%+v", f)
			}
			return
		}
	}
	t.Errorf("the name is not in %s", v)
}

// TestCountingAllocations has waits that are counted, which allocate no memory.
func TestCountingAllocations(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	m := new(locks.Mutex)
	watch.Name(m, "allocations")
	const n = 300
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties pools
	var before, after runtime.MemStats
	for try := range 3 { // the first fills the pool; a processor may come late
		m.Lock()
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { m.Lock(); m.Unlock() })
		}
		locktest.Eventually(t, "all wait", func() bool { return len(of(m)) == n })
		runtime.ReadMemStats(&before)
		m.Unlock()
		wg.Wait()
		runtime.ReadMemStats(&after)
		if got := after.Mallocs - before.Mallocs; got < n/4 {
			break
		} else if try == 2 {
			t.Errorf("the ends of %d waits made %d allocations", n, got)
		}
	}
	if f := figure(t, "allocations"); f.Waits < n {
		t.Errorf("%d waits were counted, want at least %d", f.Waits, n)
	}
}
