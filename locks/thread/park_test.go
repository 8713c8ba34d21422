// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// TestUnparkOrdersMemory shows that each Unpark orders what was before it, even one that finds the
// permit given. The race detector checks it, so it must not see the atomic that says that all have
// given the permit.
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
			case 1, 2:
				ctx, cancel := locktest.Briefly(random)
				ok = thread.ParkContext(ctx) == nil
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
		locktest.Eventually(t, "the permit is taken", func() bool { return taken.Load() >= i })
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

// TestParkEndedContext shows that a ParkContext whose context is done returns its error, and takes no permit.
func TestParkEndedContext(t *testing.T) {
	thread.Pin()
	defer thread.Unpin()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	thread.Current().Unpark()
	if err := thread.ParkContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("ParkContext = %v with a context that has ended", err)
	}
	done := make(chan struct{})
	close(done)
	if err := thread.ParkContext(doneContext{t.Context(), done}); !errors.Is(err, context.Canceled) {
		t.Errorf("ParkContext = %v with a context that is done, and has no error", err)
	}
	if !thread.ParkFor(0) {
		t.Error("a context that has ended has taken a permit")
	}
	var none context.Context
	locktest.Panics(t, "ParkContext(nil)", nil, func() { _ = thread.ParkContext(none) })
}

func TestParkTakesOnePermit(t *testing.T) {
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	if thread.ParkFor(0) || thread.ParkFor(-1) || thread.ParkFor(time.Millisecond) {
		t.Error("parked without a permit")
	}
	me.Unpark()
	me.Unpark()
	if !thread.ParkFor(0) {
		t.Error("the permit is gone")
	}
	if thread.ParkFor(0) {
		t.Error("two calls of Unpark give two permits")
	}
	me.Unpark()
	thread.Park()
	me.Unpark()
	if err := thread.ParkContext(t.Context()); err != nil {
		t.Errorf("ParkContext = %v with a permit", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Millisecond, func() { cancel(io.EOF) })
	if err := thread.ParkContext(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("ParkContext = %v, want the cause", err)
	}
	me.Unpark()
	if err := thread.ParkLimit(park.Context(ctx)); err != nil {
		t.Errorf("ParkLimit = %v with a permit, want nil though the limit is over", err)
	}
	if err := thread.ParkLimit(park.Context(ctx)); !errors.Is(err, io.EOF) {
		t.Errorf("ParkLimit = %v, want the cause", err)
	}
	me.Unpark()
	if !thread.ParkFor(math.MaxInt64) {
		t.Error("a park that gave up has taken a permit")
	}
}

// TestParkSleeps finds each form of Park asleep until it gets a permit.
func TestParkSleeps(t *testing.T) {
	for name, sleeps := range map[string]func() bool{
		"Park":        func() bool { thread.Park(); return true },
		"ParkLimit":   func() bool { return thread.ParkLimit(park.For(time.Hour)) == nil },
		"ParkFor":     func() bool { return thread.ParkFor(time.Hour) },
		"ParkContext": func() bool { return thread.ParkContext(t.Context()) == nil },
	} {
		var parked atomic.Bool
		h := thread.Spawn(func() error { parked.Store(sleeps()); return nil })
		locktest.Eventually(t, name+" sleeps", h.Thread().Parked)
		h.Thread().Unpark()
		h.Join()
		if !parked.Load() {
			t.Errorf("%s has not taken the permit", name)
		}
	}
}

// TestUnpark passes permits back and forth. None may be lost: it would hang.
func TestUnpark(t *testing.T) {
	const n = 1000
	var there, back atomic.Int32
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	h := thread.Spawn(func() error {
		for range n {
			thread.Park()
			there.Add(1)
			me.Unpark()
		}
		return nil
	})
	for range n {
		h.Thread().Unpark()
		thread.Park()
		back.Add(1)
		if there.Load() != back.Load() {
			t.Fatalf("%d there, %d back", there.Load(), back.Load())
		}
	}
	h.Join()
	h.Thread().Unpark() // of a thread that has ended: nothing happens
}
