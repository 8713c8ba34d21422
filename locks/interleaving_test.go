// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// These tests bring a lock into a state that a race seldom makes, and look at its word. Where
// two must meet in a slow path, the test holds the queue until both are there.

// overtake wakes the head of m's queue as an Unlock does whose caller locks m again before anybody
// else can, until a waiter has asked for a hand-off, or once. The caller holds m.
func overtake(t *testing.T, m *Mutex, once bool) {
	t.Helper()
	waiters := Waiting(m)
	for end := time.Now().Add(30 * time.Second); m.state.Load()&mutexHandOff == 0; {
		if time.Now().After(end) {
			t.Fatal("nobody has asked for a hand-off within 30 s")
		}
		m.state.Or(mutexWoken)
		m.wakeHead()
		locktest.Eventually(t, "the loser is back in the queue", func() bool {
			return Waiting(m) == waiters && m.state.Load()&mutexWoken == 0
		})
		if once {
			return
		}
	}
}

// locker locks m in a goroutine of its own.
func locker(m *Mutex, ctx context.Context) (result chan error) {
	result = make(chan error, 1)
	go func() {
		if err := m.LockContext(ctx); err != nil {
			result <- err
			return
		}
		result <- nil
		m.Unlock()
	}()
	return result
}

func TestHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	first := locker(&m, t.Context())
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	overtake(t, &m, false)
	second := make(chan struct{})
	_, release := holdQueue(&m.state) // nobody can be handed anything
	unlocked := make(chan struct{})
	go func() { m.Unlock(); close(unlocked) }()
	locktest.Eventually(t, "the lock is free, for the longest waiter", func() bool { return m.state.Load()&mutexLocked == 0 })
	if m.TryLock() || m.TryLockFor(0) {
		t.Error("TryLock has taken what was another's")
	}
	var in atomic.Bool
	go func() { m.Lock(); in.Store(true); m.Unlock(); close(second) }()
	for range 1000 {
		runtime.Gosched()
	}
	if in.Load() {
		t.Error("Lock has taken what was another's")
	}
	release()
	<-unlocked
	<-first
	<-second
	locktest.Eventually(t, "everybody is through", func() bool { return m.state.Load() == 0 })
}

// TestHandOffToNobody lets the waiter that asked for a hand-off give up.
func TestHandOffToNobody(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := locker(&m, ctx)
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	overtake(t, &m, false)
	cancel()
	if err := <-result; err == nil {
		t.Fatal("a waiter has a lock that is held")
	}
	if s := m.state.Load(); s != mutexLocked|mutexHandOff {
		t.Fatalf("the word is %04b, want Locked and HandOff", s)
	}
	m.Unlock()
	if s := m.state.Load(); s != 0 {
		t.Errorf("the word of a free lock is %04b", s)
	}
}

// TestLoserStaysFirst overtakes the first of two waiters.
func TestLoserStaysFirst(t *testing.T) {
	var m Mutex
	var order []int
	var done sync.WaitGroup
	m.Lock()
	for i := range 2 {
		done.Go(func() {
			m.Lock()
			order = append(order, i)
			m.Unlock()
		})
		locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == i+1 })
	}
	overtake(t, &m, true)
	m.Unlock()
	done.Wait()
	if !slices.Equal(order, []int{0, 1}) {
		t.Errorf("the waiters had the lock in the order %v", order)
	}
}

// TestWordsWhenWaitersLeave looks at the word after the last waiter has left.
func TestWordsWhenWaitersLeave(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := locker(&m, ctx)
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	cancel()
	<-result
	if s := m.state.Load(); s != mutexLocked {
		t.Errorf("the word is %04b after the only waiter has given up", s)
	}
	got, goOn := make(chan struct{}), make(chan struct{})
	go func() { m.Lock(); close(got); <-goOn; m.Unlock() }()
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	m.Unlock()
	<-got
	if s := m.state.Load(); s != mutexLocked {
		t.Errorf("the word is %04b after the only waiter has the lock", s)
	}
	close(goOn)
	locktest.Eventually(t, "the lock is free", func() bool { return m.state.Load() == 0 })
}

// TestGiveUpMeetsUnlock lets the only waiter give up while an Unlock looks for it.
func TestGiveUpMeetsUnlock(t *testing.T) {
	for i := range 200 {
		var m Mutex
		m.Lock()
		ctx, cancel := context.WithCancel(t.Context())
		result := locker(&m, ctx)
		locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
		_, release := holdQueue(&m.state)
		var unlocked sync.WaitGroup
		if i%2 == 0 {
			cancel()
			runtime.Gosched()
		}
		unlocked.Go(m.Unlock)
		locktest.Eventually(t, "an unlock on its way", func() bool { return m.state.Load()&mutexWoken != 0 })
		cancel()
		for range i % 8 {
			runtime.Gosched()
		}
		release()
		<-result
		unlocked.Wait()
		locktest.Eventually(t, "the lock is free, and nobody is said to be awake", func() bool { return m.state.Load() == 0 })
	}
}

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

// TestCondMark looks at the mark of waiters that a Cond keeps, after each way to end a wait.
func TestCondMark(t *testing.T) {
	for _, l := range []Locker{new(Mutex), new(sync.Mutex)} {
		c := NewCond(l)
		wait := func(ctx context.Context, n int) chan error {
			result := make(chan error, 1)
			go func() {
				c.L.Lock()
				result <- c.WaitContext(ctx)
				c.L.Unlock()
			}()
			locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == n })
			return result
		}
		check := func(after string, want uint32) {
			t.Helper()
			if got := c.queued.Load(); got != want {
				t.Errorf("%T: the mark is %d after %s, want %d", l, got, after, want)
			}
		}
		check("nothing", 0)
		first, second := wait(t.Context(), 1), wait(t.Context(), 2)
		check("two waits", 1)
		c.Signal()
		<-first
		check("a signal", 1)
		ctx, cancel := context.WithCancel(t.Context())
		third := wait(ctx, 2)
		cancel()
		<-third
		check("a cancellation, with one left", 1)
		fourth := wait(t.Context(), 2)
		c.Broadcast()
		<-second
		<-fourth
		check("a broadcast", 0)
		fifth := wait(t.Context(), 1)
		c.Signal()
		<-fifth
		check("the last signal", 1)
		sixth := wait(t.Context(), 1)
		c.Signal()
		<-sixth
		c.Signal()
		check("a signal for nobody", 0)
		ctx, cancel = context.WithCancel(t.Context())
		seventh := wait(ctx, 1)
		check("a wait", 1)
		cancel()
		<-seventh
		check("a cancellation", 0)
	}
}

// TestCancelAfterBroadcast cancels a wait that a Broadcast has moved to the mutex. It was woken.
func TestCancelAfterBroadcast(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 2)
	for i, ctx := range []context.Context{t.Context(), ctx} {
		go func() {
			m.Lock()
			results <- c.WaitContext(ctx)
			m.Unlock()
		}()
		locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == i+1 })
	}
	m.Lock()
	c.Broadcast()
	locktest.Eventually(t, "both wait for the mutex", func() bool { return Waiting(&m) == 2 })
	cancel()
	time.Sleep(time.Millisecond) // so that it notices; if not, less is tested
	m.Unlock()
	for range 2 {
		if err := <-results; err != nil {
			t.Errorf("WaitContext = %v after a Broadcast", err)
		}
	}
	locktest.Eventually(t, "the mutex is free", func() bool { return m.state.Load() == 0 })
}

// TestLimitOfAMovedWait lets a waiter that a Broadcast has moved lose the race for the mutex, and
// cancels it then: it must not return before it has the mutex.
func TestLimitOfAMovedWait(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	returned := make(chan error, 2)
	for i, ctx := range []context.Context{t.Context(), ctx} {
		go func() {
			m.Lock()
			returned <- c.WaitContext(ctx)
			m.Unlock()
		}()
		locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == i+1 })
	}
	m.Lock()
	c.Broadcast()
	locktest.Eventually(t, "both wait for the mutex", func() bool { return Waiting(&m) == 2 && m.state.Load()&mutexWoken == 0 })
	overtake(t, &m, true) // the one that was moved
	cancel()
	for start := time.Now(); time.Since(start) < time.Millisecond; {
		runtime.Gosched()
	}
	if len(returned) != 0 {
		t.Error("Wait has returned while another holds the mutex")
	}
	m.Unlock()
	for range 2 {
		if err := <-returned; err != nil {
			t.Errorf("WaitContext = %v after a Broadcast", err)
		}
	}
	locktest.Eventually(t, "the mutex is free", func() bool { return m.state.Load() == 0 })
}

// TestLimitAfterLostWake wakes a pinned waiter at the moment when its time is up, while the
// lock is held by another. It has lost the race, and its limit still counts.
func TestLimitAfterLostWake(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	thread.Spawn(func() error { result <- m.LockContext(ctx); return nil })
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	q, release := holdQueue(&m.state)
	cancel()
	time.Sleep(10 * time.Millisecond) // so that it wants to leave the queue; if not, less is tested
	w := q.Pop()
	m.state.Store(mutexLocked | mutexWoken)
	release()
	w.Wake(tokenRetry)
	select {
	case err := <-result:
		if err == nil {
			t.Error("LockContext has locked a locked Mutex")
		}
	case <-time.After(10 * time.Second):
		t.Error("LockContext has not returned 10 s after the end of its context")
	}
	m.Unlock()
}

// TestWaitGroupAfterGivingUp begins another set of tasks when the only waiter has given up.
func TestWaitGroupAfterGivingUp(t *testing.T) {
	for i := range 300 {
		var wg WaitGroup
		wg.Add(1)
		gaveUp := make(chan bool)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { gaveUp <- wg.WaitContext(ctx) != nil }()
		locktest.Eventually(t, "a waiter", func() bool { return Waiting(&wg) == 1 })
		_, release := holdQueue(&wg.queue)
		cancel()
		for range i % 8 {
			runtime.Gosched()
		}
		var done atomic.Bool
		go func() {
			wg.Done()
			done.Store(true)
		}()
		locktest.Eventually(t, "no task", func() bool { return wg.state.Load()>>32 == 0 })
		release()
		if <-gaveUp {
			// All calls of Wait have returned: another set may begin, though Done has not.
			wg.Add(1)
			go wg.Done()
			wg.Wait()
		}
		locktest.Eventually(t, "Done has returned", done.Load)
	}
}

// TestGoexit ends a task of a WaitGroup by runtime.Goexit: it is finished, too.
func TestGoexit(t *testing.T) {
	var wg WaitGroup
	wg.Go(runtime.Goexit)
	wg.Wait()
}

// TestAddWithWaiters adds a task to none while somebody still waits.
func TestAddWithWaiters(t *testing.T) {
	var wg WaitGroup
	wg.state.Store(1) // one waiter, no tasks
	defer func() {
		if p := recover(); p != "locks: WaitGroup misuse: Add called concurrently with Wait" {
			t.Errorf("Add panics with %v", p)
		}
	}()
	wg.Add(1)
}

// TestHandOffInABubble overtakes a waiter again and again, in a bubble, where the time stands
// still meanwhile. It must get the lock all the same.
func TestHandOffInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m Mutex
		var served atomic.Bool
		m.Lock()
		go func() {
			m.Lock()
			served.Store(true)
			m.Unlock()
		}()
		for range 1_000_000 {
			if served.Load() {
				return
			}
			m.Unlock()
			m.Lock()
			runtime.Gosched()
		}
		m.Unlock()
		t.Error("a waiter was overtaken a million times")
	})
}
