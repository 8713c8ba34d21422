// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// TestTryLockForDuringHandOff begins a wait with a limit while the lock is due for a hand-off, which stops
// barging. The limit ends the wait nevertheless.
func TestTryLockForDuringHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	waiter := locker(t, &m, t.Context())
	overtake(t, &m, false)
	result := make(chan bool, 1)
	go func() { result <- m.TryLockFor(time.Millisecond) }()
	if <-result {
		t.Error("TryLockFor has locked a locked Mutex")
	}
	m.Unlock()
	if err := <-waiter; err != nil {
		t.Error(err)
	}
	locktest.Eventually(t, "the lock is free", func() bool { return m.state.Load() == 0 })
}

// TestTryLockBits tries a Mutex in each state of its word.
func TestTryLockBits(t *testing.T) {
	for s := range uint32(16) {
		want := s&(mutexLocked|mutexHandOff) == 0
		var m Mutex
		for name, try := range map[string]func() bool{
			"TryLock":       m.TryLock,
			"TryLockFor(0)": func() bool { return m.TryLockFor(0) },
			"Lock": func() bool { // only where it need not wait
				if want {
					m.Lock()
				}
				return want
			},
		} {
			m.state.Store(s)
			if got := try(); got != want {
				t.Errorf("%s in state %04b = %v, want %v", name, s, got, want)
			}
			after := s
			if want {
				after |= mutexLocked
			}
			if got := m.state.Load(); got != after {
				t.Errorf("%s in state %04b has made it %04b, want %04b", name, s, got, after)
			}
		}
	}
}

// TestLockLimit locks with limits that have passed, and with limits that end the wait.
func TestLockLimit(t *testing.T) {
	for name, l := range map[string]interface {
		Locker
		locktest.Watched
		LockLimit(park.Limit) error
		TryLock() bool
	}{"Mutex": new(Mutex), "FairMutex": new(FairMutex), "RWMutex": new(RWMutex), "BiasedRWMutex": new(BiasedRWMutex)} {
		synctest.Test(t, func(t *testing.T) {
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			for _, limit := range []park.Limit{{}, park.For(-1), park.For(time.Second), park.Context(ended)} {
				if err := l.LockLimit(limit); err != nil {
					t.Fatalf("%s, free: %v", name, err)
				}
				l.Unlock()
			}
			l.Lock()
			begin, limit := time.Now(), park.For(time.Second)
			for range 2 { // the limit does not move
				if err := l.LockLimit(limit); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
					t.Errorf("%s, held: %v after %v, want %v after 1s", name, err, time.Since(begin), os.ErrDeadlineExceeded)
				}
			}
			if err := l.LockLimit(park.Context(ended)); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, held: %v, want %v", name, err, context.Canceled)
			}
			if n := l.Waiting(); n != 0 {
				t.Errorf("%s: %d are in the queue, want none", name, n)
			}
			l.Unlock()
			if !l.TryLock() {
				t.Fatalf("%s is not free after waits that gave up", name)
			}
			l.Unlock()
		})
	}
}

// overtake wakes the head of m's queue as an Unlock does whose caller locks m again before the head can. It
// does so until a waiter asks for a hand-off, or once. The caller holds m.
func overtake(t *testing.T, m *Mutex, once bool) {
	t.Helper()
	waiters := m.Waiting()
	locktest.Eventually(t, "a waiter asks for a hand-off", func() bool {
		if m.state.Load()&mutexHandOff != 0 {
			return true
		}
		m.state.Or(mutexWoken)
		m.wakeHead()
		locktest.Eventually(t, "the loser is back in the queue", func() bool {
			return m.Waiting() == waiters && m.state.Load()&mutexWoken == 0
		})
		return once
	})
}

// locker locks m in a goroutine of its own, and returns when that waits.
func locker(t *testing.T, m *Mutex, ctx context.Context) (result chan error) {
	result = make(chan error, 1)
	locktest.NewCrew(t, locktest.Goroutines).StartWaiting(m, func() {
		err := m.LockContext(ctx)
		result <- err
		if err == nil {
			m.Unlock()
		}
	})
	return result
}

func TestHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	first := locker(t, &m, t.Context())
	overtake(t, &m, false)
	second := make(chan struct{})
	_, release := holdQueue(&m.state) // so the hand-off cannot happen
	unlocked := make(chan struct{})
	go func() { m.Unlock(); close(unlocked) }()
	locktest.Eventually(t, "the lock is free, for the longest waiter", func() bool { return m.state.Load()&mutexLocked == 0 })
	if m.TryLock() || m.TryLockFor(0) {
		t.Error("TryLock has overtaken the hand-off")
	}
	var in atomic.Bool
	go func() { m.Lock(); in.Store(true); m.Unlock(); close(second) }()
	for range 1000 {
		runtime.Gosched()
	}
	if in.Load() {
		t.Error("Lock has overtaken the hand-off")
	}
	release()
	<-unlocked
	<-first
	<-second
	locktest.Eventually(t, "all are through", func() bool { return m.state.Load() == 0 })
}

// agedWaiters starts some waiters for m, which is locked, and returns when they have waited for so long
// that a hand-off is due. They check that they hold m one at a time.
func agedWaiters(t *testing.T, m *Mutex, n int) {
	var inside atomic.Int32
	crew := locktest.NewCrew(t, locktest.Goroutines)
	for range n {
		crew.StartWaiting(m, func() {
			m.Lock()
			if inside.Add(1) != 1 {
				t.Error("two goroutines hold the lock")
			}
			runtime.Gosched()
			inside.Add(-1)
			m.Unlock()
		})
	}
	time.Sleep(2 * handOffAfter)
}

// TestUnlockHandsOff unlocks a Mutex whose waiter has waited for too long, although it was not overtaken.
func TestUnlockHandsOff(t *testing.T) {
	var m Mutex
	m.Lock()
	agedWaiters(t, &m, 1)
	_, release := holdQueue(&m.state)
	unlocked := locktest.Goroutines.Go(m.Unlock)
	locktest.Eventually(t, "an Unlock that looks for the waiter", func() bool { return m.state.Load()&mutexWoken != 0 })
	if !m.TryLock() {
		t.Error("TryLock has not overtaken the waiter before the hand-off")
	}
	release()
	unlocked()
	if s := m.state.Load(); s != mutexLocked|mutexParked|mutexHandOff {
		t.Errorf("the word is %04b after an Unlock that was overtaken, want Locked, Parked and HandOff", s)
	}
	m.Unlock()
	locktest.Eventually(t, "the waiter is through", func() bool { return m.state.Load() == 0 })
}

// TestHandOffsMeet lets two Unlocks look for the longest waiter at once. The first finds that a hand-off
// is due, the second was told to hand over. One waiter at a time may get the lock.
func TestHandOffsMeet(t *testing.T) {
	for range locktest.Rounds(50) {
		var m Mutex
		m.Lock()
		agedWaiters(t, &m, 2)
		_, release := holdQueue(&m.state)
		first := locktest.Goroutines.Go(m.Unlock)
		locktest.Eventually(t, "an Unlock that looks for a waiter", func() bool { return m.state.Load()&mutexWoken != 0 })
		if !m.TryLock() {
			t.Fatal("TryLock has not locked a free Mutex")
		}
		m.state.Or(mutexHandOff) // as an overtaken waiter does, under the lock of the queue
		second := locktest.Goroutines.Go(m.Unlock)
		locktest.Eventually(t, "an Unlock that hands over", func() bool { return m.state.Load()&mutexLocked == 0 })
		release()
		first()
		second()
		locktest.Eventually(t, "both waiters are through", func() bool { return m.state.Load() == 0 })
	}
}

// TestHandOffToNobody lets the waiter that asked for a hand-off give up.
func TestHandOffToNobody(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := locker(t, &m, ctx)
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

// TestHandOffInABubble overtakes a waiter again and again in a bubble, where time stands still. The waiter must
// get the lock nevertheless. With one processor it does not run between the Unlock and the Lock of the other
// goroutine.
func TestHandOffInABubble(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, func(t *testing.T) {
		var m Mutex
		var served atomic.Bool
		m.Lock()
		go func() {
			m.Lock()
			served.Store(true)
			m.Unlock()
		}()
		for range 2000 {
			if served.Load() {
				return
			}
			m.Unlock()
			m.Lock()
			runtime.Gosched()
		}
		m.Unlock()
		t.Error("a waiter was overtaken 2000 times")
	})
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
		locktest.Eventually(t, "a waiter", func() bool { return m.Waiting() == i+1 })
	}
	overtake(t, &m, true)
	m.Unlock()
	done.Wait()
	if !slices.Equal(order, []int{0, 1}) {
		t.Errorf("the waiters had the lock in the order %v", order)
	}
}

// TestWordsWhenWaitersLeave checks the word after the last waiter has left the queue.
func TestWordsWhenWaitersLeave(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := locker(t, &m, ctx)
	cancel()
	<-result
	if s := m.state.Load(); s != mutexLocked {
		t.Errorf("the word is %04b after the only waiter has given up", s)
	}
	for _, handOff := range []uint32{0, mutexHandOff} {
		got, goOn := make(chan struct{}), make(chan struct{})
		go func() { m.Lock(); close(got); <-goOn; m.Unlock() }()
		locktest.Eventually(t, "a waiter", func() bool { return m.Waiting() == 1 })
		m.state.Or(handOff)
		m.Unlock()
		<-got
		if s := m.state.Load(); s != mutexLocked {
			t.Errorf("the word is %04b after the only waiter has the lock", s)
		}
		close(goOn)
		locktest.Eventually(t, "the lock is free", func() bool { return m.state.Load() == 0 })
		m.Lock()
	}
	m.Unlock()
}

// TestGiveUpMeetsUnlock lets the only waiter give up while an Unlock looks for it.
func TestGiveUpMeetsUnlock(t *testing.T) {
	for i := range 200 {
		var m Mutex
		m.Lock()
		ctx, cancel := context.WithCancel(t.Context())
		result := locker(t, &m, ctx)
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
		locktest.Eventually(t, "the lock is free, and Woken is clear", func() bool { return m.state.Load() == 0 })
	}
}

// TestLimitAfterLostWake wakes a pinned waiter at the moment when its context ends, while the lock is
// held. The waiter loses the race for the lock, and its limit still counts.
func TestLimitAfterLostWake(t *testing.T) {
	var m Mutex
	m.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	thread.Spawn(func() error { result <- m.LockContext(ctx); return nil })
	locktest.Eventually(t, "a waiter", func() bool { return m.Waiting() == 1 })
	q, release := holdQueue(&m.state)
	cancel()
	time.Sleep(10 * time.Millisecond) // for the waiter to want to leave the queue; otherwise the test tests less
	w := q.Pop()
	m.state.Store(mutexLocked | mutexWoken)
	release()
	w.Wake(tokenRetry)
	if <-result == nil {
		t.Error("LockContext has locked a locked Mutex")
	}
	m.Unlock()
}

// TestLockFreeWhenItsTurnToParkComes frees a lock when a waiter is about to park. No wake-up will come, so
// the waiter must see that.
func TestLockFreeWhenItsTurnToParkComes(t *testing.T) {
	late := func(addr *atomic.Uint32, block, unblock func()) {
		_, release := holdQueue(addr)
		done := locktest.Goroutines.Go(block)
		time.Sleep(100 * time.Microsecond) // for the waiter to wait for the queue; otherwise the test tests less
		unblock()
		release()
		done()
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
			case <-time.After(time.Millisecond): // Unlock needs the queue if the reader is in its slow path
			}
		})
		var wg WaitGroup
		wg.Add(1)
		late(&wg.queue, wg.Wait, func() { go wg.Done(); locktest.Eventually(t, "no task", wg.finished) })
	}
}
