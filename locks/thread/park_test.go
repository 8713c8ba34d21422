// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/futex"
)

// TestUnparkOrdersMemory shows that each Unpark orders what was before it, also one that finds the
// permit given. The race detector proves it: of the atomic that says that all have given it
// must not know.
func TestUnparkOrdersMemory(t *testing.T) {
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	parks := []func(){
		thread.Park,
		func() { thread.ParkFor(time.Hour) },
		func() { _ = thread.ParkContext(context.Background()) },
	}
	for round := range 300 {
		const givers = 3
		var news [givers]int
		var done atomic.Int32
		var wg sync.WaitGroup
		for i := range givers {
			wg.Go(func() {
				news[i] = i + 1
				me.Unpark()
				race.Disable()
				done.Add(1)
				race.Enable()
			})
		}
		race.Disable()
		for done.Load() != givers {
			runtime.Gosched()
		}
		race.Enable()
		parks[round%len(parks)]()
		for i, n := range news {
			if n != i+1 {
				t.Errorf("what was before Unpark number %d is not seen", i)
			}
		}
		wg.Wait()
	}
}

// TestParkGivingUp lets parks give up when a permit may come, and counts: each permit is
// taken once. A lost one would be missed after the last giver has waited for it.
func TestParkGivingUp(t *testing.T) {
	permits := int64(5000)
	if testing.Short() {
		permits /= 10
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var taken, gaveUp atomic.Int64
	h := thread.Spawn(func() error {
		random := rand.New(rand.NewPCG(seed, 0))
		for taken.Load() < permits {
			d := time.Duration(random.IntN(60_000))
			ok := false
			switch random.IntN(4) {
			case 0:
				ok = thread.ParkFor(d)
			case 1:
				ctx, cancel := context.WithTimeout(context.Background(), d)
				ok = thread.ParkContext(ctx) == nil
				cancel()
			case 2:
				ctx, cancel := context.WithCancel(context.Background())
				timer := time.AfterFunc(d, cancel)
				ok = thread.ParkContext(ctx) == nil
				timer.Stop()
				cancel()
			case 3:
				for i := 0; i < 100 && !ok; i++ { // a permit may come between any two steps
					ok = thread.ParkFor(0)
				}
			}
			if ok {
				taken.Add(1)
			} else {
				gaveUp.Add(1)
			}
		}
		return nil
	})
	random := rand.New(rand.NewPCG(seed, 1))
	for i := int64(1); i <= permits; i++ {
		for end := time.Now().Add(time.Duration(random.IntN(60_000))); time.Now().Before(end); {
			runtime.Gosched()
		}
		h.Thread().Unpark()
		for end := time.Now().Add(time.Minute); taken.Load() < i; runtime.Gosched() {
			if time.Now().After(end) {
				t.Fatalf("permit number %d is lost", i)
			}
		}
		if n := taken.Load(); n != i {
			t.Fatalf("%d permits were taken, of %d", n, i)
		}
	}
	h.Join()
	t.Logf("%d permits, %d parks gave up", permits, gaveUp.Load())
}

// A doneContext has no error when it is done, which package context forbids.
type doneContext struct {
	context.Context
	done chan struct{}
}

func (c doneContext) Done() <-chan struct{} { return c.done }

// TestParkEndedContext shows that a context that has ended is told first, and takes no permit.
func TestParkEndedContext(t *testing.T) {
	thread.Pin()
	defer thread.Unpin()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	thread.Current().Unpark()
	if err := thread.ParkContext(ctx); err != context.Canceled {
		t.Errorf("ParkContext = %v with a context that has ended", err)
	}
	done := make(chan struct{})
	close(done)
	if err := thread.ParkContext(doneContext{t.Context(), done}); err != context.Canceled {
		t.Errorf("ParkContext = %v with a context that is done, and has no error", err)
	}
	if !thread.ParkFor(0) {
		t.Error("a context that has ended has taken a permit")
	}
	defer func() {
		if recover() == nil {
			t.Error("ParkContext(nil) does not panic")
		}
	}()
	var none context.Context
	_ = thread.ParkContext(none)
}

// TestSleepInBubble shows whose clock Sleep goes by: the bubble's stands still.
func TestSleepInBubble(t *testing.T) {
	if !futex.Supported(futex.Private) {
		t.Skipf("Sleep is time.Sleep on %s", runtime.GOOS)
	}
	const d = 2 * time.Millisecond
	outside := time.Now()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		thread.Sleep(d)
		if passed := time.Since(begin); passed != 0 {
			t.Errorf("%v have passed in the bubble", passed)
		}
	})
	if passed := time.Since(outside); passed < d {
		t.Errorf("Sleep(%v) took %v", d, passed)
	}
}

// TestDeadThreadLeavesNothing lets goroutines end while they are pinned and have the permit, and their
// threads with them. The system and the runtime give to those that come what the dead ones had, but
// not that.
func TestDeadThreadLeavesNothing(t *testing.T) {
	for range 500 {
		type answer struct{ pinned, permit bool }
		answers := make(chan answer)
		go func() {
			var a answer
			a.pinned = thread.Pinned() || thread.Current() != nil
			thread.Pin()
			a.permit = thread.ParkFor(0)
			thread.Current().Unpark()
			answers <- a
		}()
		if a := <-answers; a.pinned || a.permit {
			t.Fatalf("a new goroutine is pinned: %v, and has the permit of a dead thread: %v", a.pinned, a.permit)
		}
	}
}
