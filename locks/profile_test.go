// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestBlockProfile shows that a wait for a lock appears in the block profile, also in the way in
// which it sleeps while there is a mutex profile.
func TestBlockProfile(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(-1))
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	waits := func() (n int64) {
		for stack, count := range contention(t, runtime.BlockProfile) {
			if strings.Contains(stack, "locks.(*Mutex).Lock\n") {
				n += count
			}
		}
		return n
	}
	for _, fraction := range []int{0, 1} {
		runtime.SetMutexProfileFraction(fraction)
		before := waits()
		var m locks.Mutex
		m.Lock()
		done := make(chan struct{})
		go func() {
			m.Lock()
			m.Unlock()
			close(done)
		}()
		locktest.Eventually(t, "a waiter", func() bool { return locks.Waiting(&m) == 1 })
		time.Sleep(time.Millisecond) // so that there is a wait to be shown
		m.Unlock()
		<-done
		if waits() == before {
			t.Errorf("the block profile does not name Mutex.Lock, with 1 in %d of the mutex profile", fraction)
		}
	}
}

// TestMutexProfileBlamesNobody looks for entries in the mutex profile that come from a wake-up. Each
// would charge a whole wait to the one that ended it, and nothing to the others who held the lock
// meanwhile.
func TestMutexProfileBlamesNobody(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	cancellable, cancel := context.WithCancel(t.Context())
	defer cancel()
	before := contention(t, runtime.MutexProfile)
	for _, how := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, ctx := range []context.Context{context.Background(), cancellable} {
			for _, c := range limitable() {
				const waiters = 2
				var joins []func()
				for range waiters {
					joins = append(joins, how.Go(func() { _ = c.wait(ctx) }))
				}
				locktest.Eventually(t, c.name+": all wait", func() bool { return c.waiting() == waiters })
				time.Sleep(time.Millisecond) // so that they are asleep; a wrong entry needs that
				c.settle()
				for _, join := range joins {
					join()
				}
			}
		}
	}
	for stack, n := range contention(t, runtime.MutexProfile) {
		// Contention for the lock of a bucket is charged to those who held it.
		_, unlocker, _ := strings.Cut(stack, "\n")
		if !strings.HasPrefix(stack, "sync.") || !strings.HasPrefix(unlocker, "github.com/osync-go/osync/locks/park.") ||
			strings.HasPrefix(unlocker, "github.com/osync-go/osync/locks/park.(*bucket).unlock\n") {
			continue
		}
		if n > before[stack] {
			t.Errorf("the mutex profile has %d entries of %s", n-before[stack], stack)
		}
	}
}

// contention returns how often each stack stands in a profile.
func contention(t *testing.T, profile func([]runtime.BlockProfileRecord) (int, bool)) map[string]int64 {
	t.Helper()
	records := make([]runtime.BlockProfileRecord, 10_000)
	n, ok := profile(records)
	if !ok {
		t.Fatalf("the profile has %d records", n)
	}
	counts := make(map[string]int64)
	for _, r := range records[:n] {
		var stack strings.Builder
		for frames := runtime.CallersFrames(r.Stack()); ; {
			frame, more := frames.Next()
			stack.WriteString(frame.Function + "\n")
			if !more {
				break
			}
		}
		counts[stack.String()] += r.Count
	}
	return counts
}
