// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// TestWriterGivesUpAsTheLastReaderLeaves lets both meet in the slow path: it holds the queue until both
// need it.
func TestWriterGivesUpAsTheLastReaderLeaves(t *testing.T) {
	for i := range 200 {
		var rw RWMutex
		rw.RLock()
		ctx, cancel := context.WithCancel(t.Context())
		c := locktest.NewCrew(t, locktest.Goroutines)
		c.StartWaiting(&rw, func() {
			if rw.LockContext(ctx) == nil {
				rw.Unlock()
			}
		})
		_, release := holdQueue(&rw.state)
		if i%2 == 0 {
			cancel()
			runtime.Gosched()
		}
		c.Start(rw.RUnlock)
		locktest.Eventually(t, "no reader", func() bool { return rw.state.Load()&rwReaders == 0 })
		cancel()
		for range i % 8 {
			runtime.Gosched()
		}
		release()
		c.Join()
		c.Idle(&rw, 0)
	}
}

// TestOneOfTwoReadersGivesUp checks that the other reader gets in, and the word after the last one has
// given up.
func TestOneOfTwoReadersGivesUp(t *testing.T) {
	var rw RWMutex
	rw.Lock()
	reader := func(ctx context.Context, n int) (result chan error) {
		result = make(chan error, 1)
		go func() {
			err := rw.RLockContext(ctx)
			if err == nil {
				rw.RUnlock()
			}
			result <- err
		}()
		locktest.Eventually(t, "a reader", func() bool { return queued(&rw.state) == n })
		return result
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := reader(ctx, 1)
	stays := reader(t.Context(), 2)
	cancel()
	if err := <-gone; err == nil {
		t.Error("a reader got in beside a writer")
	}
	rw.Unlock()
	if err := <-stays; err != nil {
		t.Errorf("a reader was not let in: %v", err)
	}
	locktest.Eventually(t, "the lock is free", func() bool { return rw.State() == 0 })

	rw.Lock()
	ctx, cancel = context.WithCancel(t.Context())
	gone = reader(ctx, 1)
	cancel()
	<-gone
	if s := rw.state.Load(); s != rwWriterHolds {
		t.Errorf("the word is %08x after the only reader has given up", s)
	}
	rw.Unlock()
}

// TestReaderInPassingIsTheLast lets the last unit of the reader count be that of a reader that finds the
// writer and takes it back. That reader must let the writer in.
func TestReaderInPassingIsTheLast(t *testing.T) {
	var rw RWMutex
	c := locktest.NewCrew(t, locktest.Goroutines)
	rw.RLock()
	c.StartWaiting(&rw, func() { rw.Lock(); rw.Unlock() })
	s := rw.state.Add(rwReader) // the first half of RLock
	rw.RUnlock()
	c.Start(func() { rw.rLockSlow(s) })
	c.Join()
	rw.RUnlock()
	c.Idle(&rw, 0)
}

// TestReaderStaysCounted lets a reader come while a writer holds the lock, and a second writer wait before
// that reader looks again. The reader must be in before the second writer.
func TestReaderStaysCounted(t *testing.T) {
	for name, end := range map[string]func(*RWMutex){
		"Unlock":    (*RWMutex).Unlock,
		"Downgrade": func(rw *RWMutex) { rw.Downgrade(); rw.RUnlock() },
	} {
		var rw RWMutex
		var written atomic.Bool
		c := locktest.NewCrew(t, locktest.Goroutines)
		rw.Lock()
		s := rw.state.Add(rwReader) // the first half of RLock
		end(&rw)
		c.StartWaiting(&rw, func() { rw.Lock(); written.Store(true); rw.Unlock() })
		rw.rLockSlow(s)
		if written.Load() {
			t.Errorf("%s: a second writer has overtaken a reader that came before", name)
		}
		rw.RUnlock()
		c.Join()
		c.Idle(&rw, 0)
	}
}

// TestSpinningReaderAddsItself lets a reader with a limit, which comes without its 1, spin while a writer holds the
// lock. It adds the 1 meanwhile, also if other readers sleep, unless that takes the last place, which is for Downgrade.
func TestSpinningReaderAddsItself(t *testing.T) {
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Skip("with one processor no reader spins")
	}
	spins := func(rw *RWMutex) bool { return rw.rLockSpinning(false) }
	for _, tt := range []struct {
		places uint32
		bits   uint32
		lock   func(*RWMutex) bool
		stays  bool
	}{
		{2, 0, spins, true},
		{3, 0, spins, true},
		{2, rwParked, spins, true},
		{2, rwParked | rwAdmit, spins, true},
		{2, 0, func(rw *RWMutex) bool { return rw.TryRLockFor(1) }, true},
		{1, 0, spins, false},
	} {
		var rw RWMutex
		var stop atomic.Bool
		before := rwWriterHolds | tt.bits + (rwMaxReaders-tt.places)*rwReader
		rw.state.Store(before)
		join := locktest.Goroutines.Go(func() {
			defer stop.Store(true)
			for i := 0; !stop.Load() && (tt.stays || i < 2000); i++ {
				if tt.lock(&rw) {
					t.Error("a reader is in beside a writer")
				}
			}
		})
		added := func() bool { return rw.state.Load() == before+rwReader }
		if tt.stays {
			locktest.Eventually(t, "the reader has added its 1", added)
		} else {
			for taken := false; !stop.Load() && !taken; {
				if taken = added(); taken {
					t.Error("a reader has taken the last place")
				}
			}
		}
		stop.Store(true)
		join()
		if s := rw.state.Load(); s != before {
			t.Errorf("the word is %08x after the reader has stopped, want %08x", s, before)
		}
	}
}

// TestParksAsTheLockComesFree lets a writer park as the last reader leaves, and a reader as the writer does.
// They do not spin before, so that in some rounds both happen at the same time. A waiter that then parks in
// a free lock sleeps forever.
func TestParksAsTheLockComesFree(t *testing.T) {
	var rw RWMutex
	for _, c := range []struct {
		lock   func()
		e      park.Enqueuer
		leave  func()
		unlock func()
	}{
		{
			func() { rw.RLock(); rw.w.Lock(); rw.state.Or(rwWriterWaits) }, (*rwWriterQueue)(&rw), rw.RUnlock,
			func() { rw.state.And(^uint32(rwWriterParked)); rw.Unlock() },
		},
		{rw.Lock, (*rwReaderQueue)(&rw), rw.Unlock, rw.RUnlock},
	} {
		var round, left atomic.Uint32
		rounds := uint32(locktest.Rounds(300_000))
		await := func(word *atomic.Uint32, n uint32) {
			for b := (spin.Backoff{}); word.Load() != n; {
				b.Wait(1)
			}
		}
		go func() {
			for i := range rounds {
				await(&round, i+1)
				spin.Pause(rand.Uint32N(4))
				c.leave()
				left.Store(i + 1)
			}
		}()
		for i := range rounds {
			c.lock()
			w := park.NewWaiter(park.Exclusion, park.Limit{})
			round.Store(i + 1)
			w.Sleep(&rw.state, c.e, nil)
			w.Free()
			await(&left, i+1)
			c.unlock()
		}
	}
}
