// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package locks_test

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
)

// TestKeyedOrdersNoOthers checks that the race detector reports two goroutines that write one after the other, each under a
// key of its own, or each as a reader of one key: what keys share must not order them.
func TestKeyedOrdersNoOthers(t *testing.T) {
	k := new(locks.KeyedRW[int])
	a := locks.KeyLock{K: k, Hash: 1, Key: 1}
	b := locks.KeyLock{K: k, Hash: 2, Key: 2} // of the same bucket
	wait := func(l locks.KeyLock) {
		l.Lock()
		done := make(chan struct{})
		go func() { l.Lock(); l.Unlock(); close(done) }()
		locktest.Eventually(t, "a waiter", func() bool { return l.Waiting() == 1 })
		l.Unlock()
		<-done
	}
	cases := map[string]struct{ first, second func(write func()) }{
		"keys": {
			func(write func()) { a.Lock(); write(); a.Unlock() },
			func(write func()) { b.Lock(); write(); b.Unlock() },
		},
		"keys waited for": {
			func(write func()) { wait(a); a.Lock(); write(); a.Unlock() },
			func(write func()) { wait(b); b.Lock(); write(); b.Unlock() },
		},
		"keys tried": {
			func(write func()) { a.TryLock(); write(); a.Downgrade(); a.RUnlock() },
			func(write func()) { b.TryLock(); b.TryRLock(); b.HasWaiters(); write(); b.Unlock() },
		},
		"readers": {
			func(write func()) { a.RLock(); write(); a.RUnlock() },
			func(write func()) { a.RLock(); write(); a.RUnlock() },
		},
		"readers beside others": {
			func(write func()) {
				b.Lock()
				a.RLock()
				a.RLock()
				write()
				a.RUnlock()
				a.RUnlock()
				b.Unlock()
			},
			func(write func()) { a.RLock(); a.TryRLock(); write(); a.RUnlock(); a.RUnlock() },
		},
	}
	if name := os.Getenv("KEYED_RACE_CHILD"); name != "" {
		oneAfterTheOther(cases[name].first, cases[name].second)
		return
	}
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover, which are atomic, order the goroutines")
	}
	for name := range cases {
		out, _ := locktest.Child(t, "KEYED_RACE_CHILD="+name, "-test.run=^"+t.Name()+"$") // an error is expected
		if !strings.Contains(string(out), "WARNING: DATA RACE") || strings.Contains(string(out), "keytable") {
			t.Errorf("%s: the race detector did not report the writes alone:\n%s", name, out)
		}
	}
}

// oneAfterTheOther calls two functions that write the same variable, in an order that the detector cannot see.
func oneAfterTheOther(one, two func(write func())) {
	var g sync.WaitGroup
	var first atomic.Bool
	shared := 0
	write := func() { shared++ }
	g.Go(func() {
		one(write)
		race.Disable()
		first.Store(true)
		race.Enable()
	})
	g.Go(func() {
		race.Disable()
		for !first.Load() {
			runtime.Gosched()
		}
		race.Enable()
		two(write)
	})
	g.Wait()
}
