// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/watch"
)

//go:noinline
func lateUnlock(unlock func()) { unlock() }

//go:noinline
func promptUnlock(unlock func()) { unlock() }

// A charge is what the profile shows for the stacks with a function.
type charge struct {
	contentions int64
	delay       time.Duration
	called      map[string]bool // what the function called to unlock
}

var record = regexp.MustCompile(`(?m)^(\d+) (\d+) @[0-9a-fx ]*\n((?:#.*\n)+)`)

// charged returns what stands in the profile for a function.
func charged(t *testing.T, function string) charge {
	t.Helper()
	text, _ := get(t, "/profile/contention?debug=1", "")
	c := charge{called: map[string]bool{}}
	for _, r := range record.FindAllStringSubmatch(text, -1) {
		if lines := strings.Split(r[3], "\n"); strings.Contains(r[3], "."+function+"+") {
			delay, _ := strconv.ParseInt(r[1], 10, 64)
			contentions, _ := strconv.ParseInt(r[2], 10, 64)
			c.delay += time.Duration(delay)
			c.contentions += contentions
			called, _, _ := strings.Cut(strings.Split(lines[0], "\t")[2], "+")
			c.called[strings.TrimPrefix(called, "github.com/osync-go/osync/")] = true
		}
	}
	return c
}

// TestContention has a slow holder of each kind of lock, and others that wait for it and are quick. The profile
// charges the slow one.
func TestContention(t *testing.T) {
	defer watch.SetContentionFraction(watch.SetContentionFraction(1))
	const waiters = 8
	const held = 50 * time.Millisecond // at least, with all waiters there
	type way struct {
		lock, unlock func()
	}
	var (
		m  locks.Mutex
		f  locks.FairMutex
		rw locks.RWMutex
		b  locks.BiasedRWMutex
		to = make(chan locks.ReadToken, waiters)
	)
	mutex := way{m.Lock, m.Unlock}
	fair := way{f.Lock, f.Unlock}
	write, read := way{rw.Lock, rw.Unlock}, way{rw.RLock, rw.RUnlock}
	biasedWrite := way{b.Lock, b.Unlock}
	biasedRead := way{func() { to <- b.RLock() }, func() { b.RUnlock(<-to) }}
	for _, tt := range []struct {
		name        string
		slow, quick way
		pinned      bool
		called      string
	}{
		{"Mutex", mutex, mutex, false, "locks.(*Mutex).Unlock"},
		{"Mutex, with limits", mutex, way{func() { m.TryLockFor(time.Hour) }, m.Unlock}, false, "locks.(*Mutex).Unlock"},
		{"Mutex, of threads", mutex, mutex, true, "locks.(*Mutex).Unlock"},
		{"FairMutex", fair, fair, false, "locks.(*FairMutex).Unlock"},
		{"RWMutex, writer of writers", write, write, false, "locks.(*RWMutex).Unlock"},
		{"RWMutex, writer of readers", write, read, false, "locks.(*RWMutex).Unlock"},
		{"RWMutex, reader of writers", read, write, false, "locks.(*RWMutex).RUnlock"},
		{"BiasedRWMutex, writer of readers", biasedWrite, biasedRead, false, "locks.(*BiasedRWMutex).Unlock"},
		{"BiasedRWMutex, reader of writers", biasedRead, biasedWrite, false, "locks.(*BiasedRWMutex).RUnlock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for try := 1; ; try++ {
				slow, quick := charged(t, "lateUnlock"), charged(t, "promptUnlock")
				others := len(watch.Waits())
				tt.slow.lock()
				var wg sync.WaitGroup
				for range waiters {
					wg.Go(func() {
						if tt.pinned {
							thread.Pin()
							defer thread.Unpin()
						}
						tt.quick.lock()
						promptUnlock(tt.quick.unlock)
					})
				}
				locktest.Eventually(t, "waiters", func() bool { return len(watch.Waits()) == others+waiters })
				time.Sleep(held)
				lateUnlock(tt.slow.unlock)
				wg.Wait()
				slowAfter, quickAfter := charged(t, "lateUnlock"), charged(t, "promptUnlock")
				if got := slowAfter.contentions - slow.contentions; got != 1 {
					t.Errorf("the slow holder is charged %d times, want 1", got)
				}
				if got := slowAfter.delay - slow.delay; got < waiters*held {
					t.Errorf("the slow holder is charged with %v, want %v or more", got, waiters*held)
				}
				if !slowAfter.called[tt.called] {
					t.Errorf("the slow holder calls %v, want %s", slowAfter.called, tt.called)
				}
				// A quick holder may have been stopped while it had the lock.
				slowDelay, quickDelay := slowAfter.delay-slow.delay, quickAfter.delay-quick.delay
				if quickDelay <= slowDelay/10 {
					return
				}
				if try == 20 {
					t.Fatalf("the slow holder is charged with %v, and the quick ones with %v", slowDelay, quickDelay)
				}
			}
		})
	}
}

// TestContentionFraction sets and reads the fraction. With none nothing is charged, and with one in ten the sum is about right.
func TestContentionFraction(t *testing.T) {
	defer watch.SetContentionFraction(watch.SetContentionFraction(7))
	for _, c := range []struct{ set, was, now int }{{-1, 7, 7}, {0, 7, 0}, {10, 0, 10}} {
		if was, now := watch.SetContentionFraction(c.set), watch.SetContentionFraction(-1); was != c.was || now != c.now {
			t.Errorf("SetContentionFraction(%d) returned %d, and then it is %d; want %d and %d", c.set, was, now, c.was, c.now)
		}
	}
	for set := time.Now(); time.Since(set) == 0; { // what comes in the same moment as the change is not charged
	}
	var m locks.FairMutex
	contend := func(n int) {
		var wg sync.WaitGroup
		m.Lock()
		for range n {
			wg.Go(func() { m.Lock(); lateUnlock(m.Unlock) })
		}
		locktest.Eventually(t, "waiters", func() bool { return len(of(&m)) == n })
		lateUnlock(m.Unlock)
		wg.Wait()
	}
	const n, rounds = 100, 20
	before := charged(t, "lateUnlock")
	for range rounds {
		contend(n)
	}
	// The standard deviation of the estimate is 134.
	if got := charged(t, "lateUnlock").contentions - before.contentions; got < 1000 || got > 3000 || got%10 != 0 {
		t.Errorf("%d contentions are charged, want about %d, in tens", got, n*rounds)
	}
	watch.SetContentionFraction(0)
	before = charged(t, "lateUnlock")
	contend(n)
	if got := charged(t, "lateUnlock").contentions - before.contentions; got != 0 {
		t.Errorf("%d contentions are charged with none to be", got)
	}
}
