// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
)

// These tests bring a lock into a state that a race seldom makes, and look at its word. Where
// two must meet in a slow path, the test holds the queue until both are there.

// TestWriterGivesUpAsTheLastReaderLeaves lets both meet at the queue.
func TestWriterGivesUpAsTheLastReaderLeaves(t *testing.T) {
	for i := range 200 {
		var rw RWMutex
		rw.RLock()
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() {
			if rw.LockContext(ctx) == nil {
				rw.Unlock()
			}
		})
		locktest.Eventually(t, "a writer", func() bool { return rw.state.Load()&rwWriterParked != 0 && queued(&rw.state) == 1 })
		_, release := holdQueue(&rw.state)
		if i%2 == 0 {
			cancel()
			runtime.Gosched()
		}
		done.Go(rw.RUnlock)
		locktest.Eventually(t, "no reader", func() bool { return rw.state.Load()&rwReaders == 0 })
		cancel()
		for range i % 8 {
			runtime.Gosched()
		}
		release()
		done.Wait()
		if Word(&rw) != 0 {
			t.Fatalf("the words of a free lock are %016x", Word(&rw))
		}
	}
}

// TestOneOfTwoReadersGivesUp looks for the other one, and for what the last one leaves.
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
	locktest.Eventually(t, "the lock is free", func() bool { return Word(&rw) == 0 })

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

// TestReaderInPassingIsTheLast lets the last 1 be that of a reader that tries and takes it back: it
// has to let the writer in.
func TestReaderInPassingIsTheLast(t *testing.T) {
	var rw RWMutex
	rw.RLock()
	written, read := make(chan struct{}), make(chan struct{})
	go func() { rw.Lock(); close(written); rw.Unlock() }()
	locktest.Eventually(t, "a writer", func() bool { return rw.state.Load()&rwWriterParked != 0 && queued(&rw.state) == 1 })
	rw.state.Add(rwReader) // the first half of RLock
	rw.RUnlock()
	go func() { rw.rLockSlow(); close(read) }()
	for name, c := range map[string]chan struct{}{"writer": written, "reader": read} {
		select {
		case <-c:
		case <-time.After(30 * time.Second):
			t.Fatalf("the %s is not in within 30 s", name)
		}
	}
	rw.RUnlock()
	locktest.Eventually(t, "the lock is free", func() bool { return Word(&rw) == 0 })
}

// TestLockFreeWhenItsTurnToParkComes lets the lock come free when a waiter is about to
// park, and nobody will wake it.
func TestLockFreeWhenItsTurnToParkComes(t *testing.T) {
	late := func(addr *atomic.Uint32, block, unblock func()) {
		_, release := holdQueue(addr)
		done := make(chan struct{})
		go func() { block(); close(done) }()
		time.Sleep(100 * time.Microsecond) // so that it waits for the queue; if not, less is tested
		unblock()
		release()
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Fatal("the lock is free, and a waiter has not got it within 30 s")
		}
	}
	for range 10 {
		var m Mutex
		m.Lock()
		late(&m.state, m.Lock, m.Unlock)
		var rw RWMutex
		rw.RLock()
		late(&rw.state, rw.Lock, rw.RUnlock)
		late(&rw.state, rw.RLock, func() {
			unlocked := make(chan struct{})
			go func() { rw.Unlock(); close(unlocked) }()
			select {
			case <-unlocked:
			case <-time.After(time.Millisecond): // it needs the queue, if the reader is trying
			}
		})
		var wg WaitGroup
		wg.Add(1)
		late(&wg.queue, wg.Wait, func() { go wg.Done(); locktest.Eventually(t, "no task", wg.finished) })
	}
}
