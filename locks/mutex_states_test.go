// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"math"
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
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// TestTryLockForDuringHandOff lets a wait with a limit begin while the lock is due to be handed over,
// which no longer admits newcomers. The limit ends it all the same.
func TestTryLockForDuringHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	waiter := locker(&m, t.Context())
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	overtake(t, &m, false)
	result := make(chan bool, 1)
	go func() { result <- m.TryLockFor(time.Millisecond) }()
	select {
	case ok := <-result:
		if ok {
			t.Error("TryLockFor has locked a locked Mutex")
		}
	case <-time.After(10 * time.Second):
		t.Error("TryLockFor(1ms) has not returned within 10 s")
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

// TestUnnoticedSpins counts how many of those that spin do without the bit Woken, so that an Unlock
// wakes the head of the queue beside them.
func TestUnnoticedSpins(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Skip("with one processor nobody spins")
	}
	const n = 8000
	var m Mutex
	unnoticed := 0
	for range n {
		m.state.Store(mutexLocked | mutexParked)
		woken := false
		if m.lockSpinning(&woken) {
			t.Fatal("locked a locked Mutex")
		}
		if noted := m.state.Load()&mutexWoken != 0; noted != woken {
			t.Fatalf("the bit Woken is %v, and lockSpinning says %v", noted, woken)
		}
		if !woken {
			unnoticed++
		}
	}
	const mean = float64(n) / spinUnnoticed
	if off := math.Abs(float64(unnoticed) - mean); off > 8*math.Sqrt(mean) {
		t.Errorf("%d of %d spins were unnoticed, want about %.0f", unnoticed, n, mean)
	}
}

// TestLockLimit locks with limits that are over, and ones that end the wait.
func TestLockLimit(t *testing.T) {
	for name, l := range map[string]interface {
		Locker
		LockLimit(park.Limit) error
		TryLock() bool
	}{"Mutex": new(Mutex), "RWMutex": new(RWMutex)} {
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
			if n := Waiting(l); n != 0 {
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
