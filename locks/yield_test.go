// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// unlockBusily calls unlock, which hands a lock over, while ten goroutines are ready to call other, and
// returns how many of them ran before unlock returned.
func unlockBusily(unlock func(), other func()) (ran int) {
	var done sync.WaitGroup
	var n atomic.Int32
	for range 10 {
		done.Go(func() { n.Add(1); other() })
	}
	unlock()
	ran = int(n.Load())
	done.Wait()
	return ran
}

// TestUnlockYields counts how many of ten other goroutines run before an Unlock that hands its lock
// off returns, with one processor. As the scheduler may interfere now and then, the majority
// counts.
func TestUnlockYields(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer yielding.notBefore.Store(0)
	procs.Refresh()
	var m Mutex
	var f FairMutex
	for _, tt := range []struct {
		name           string
		waiterPinned   bool
		unlockerPinned bool
		wait           func()
		addr           *atomic.Uint32
		lock, unlock   func()
		yields         bool
	}{
		{
			name: "Mutex", wait: func() { m.Lock(); m.Unlock() }, addr: &m.state,
			lock: m.Lock, unlock: m.Unlock,
		},
		{
			name: "FairMutex", wait: func() { f.Lock(); f.Unlock() }, addr: &f.state,
			lock: f.Lock, unlock: f.Unlock, yields: true,
		},
		{
			name: "FairMutex, pinned waiter", wait: func() { f.Lock(); f.Unlock() }, addr: &f.state,
			lock: f.Lock, unlock: f.Unlock, waiterPinned: true,
		},
		{
			name: "FairMutex, pinned unlocker", wait: func() { f.Lock(); f.Unlock() }, addr: &f.state,
			lock: f.Lock, unlock: f.Unlock, unlockerPinned: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.waiterPinned && !strings.HasPrefix(park.Backend(), "kernel") {
				t.Skip("with one processor, pinned goroutines do not sleep in the kernel on this system")
			}
			var seen []int
			yields := 0
			for range 20 {
				var done sync.WaitGroup
				done.Go(func() {
					if tt.unlockerPinned {
						thread.Pin()
						defer thread.Unpin()
					}
					tt.lock()
					done.Go(func() {
						if tt.waiterPinned {
							thread.Pin()
							defer thread.Unpin()
						}
						tt.wait()
					})
					locktest.Eventually(t, "a waiter", func() bool { return queued(tt.addr) == 1 })
					if tt.addr == &m.state {
						overtake(t, &m, false) // until HandOff is set
					}
					yielding.notBefore.Store(0)
					ran := unlockBusily(tt.unlock, func() {})
					if seen = append(seen, ran); ran != 0 {
						yields++
					}
				})
				done.Wait()
			}
			if got := yields > len(seen)/2; got != tt.yields {
				t.Errorf("so many of ten goroutines ran before the lock's owner went on: %d; want it to yield: %v", seen, tt.yields)
			}
		})
	}
}

// TestYieldsPause lets a yield take long. After that, no Unlock yields for a while.
func TestYieldsPause(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer yielding.notBefore.Store(0)
	var f FairMutex
	yield := func(other func()) int {
		var waiter sync.WaitGroup
		f.Lock()
		waiter.Go(func() { f.Lock(); f.Unlock() })
		locktest.Eventually(t, "a waiter", func() bool { return queued(&f.state) == 1 })
		defer waiter.Wait()
		return unlockBusily(f.Unlock, other)
	}
	for range 20 {
		yielding.notBefore.Store(0)
		start := mono.Now()
		yield(func() {})
		if took := mono.Now() - start; took < yieldTooLongNs && yielding.notBefore.Load() != 0 {
			t.Fatalf("no goroutine yields for a while after a yield that has taken %v", time.Duration(took))
		}
	}
	yielding.notBefore.Store(0)
	slow := func() {
		for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
		}
	}
	locktest.Eventually(t, "a yield that takes more than 9 ms", func() bool {
		yield(slow) // of ten
		return yielding.notBefore.Load()-mono.Now() > int64(50*time.Millisecond)
	})
	yielding.notBefore.Store(mono.Now() + int64(time.Hour))
	yields := 0
	for range 20 {
		if yield(func() {}) != 0 {
			yields++
		}
	}
	if yields > 10 {
		t.Errorf("%d of 20 times Unlock has yielded, after a yield that took too long", yields)
	}
}
