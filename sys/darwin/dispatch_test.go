// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

func TestDispatchSemaphore(t *testing.T) {
	if s, err := darwin.DispatchSemaphoreCreate(-1); s != 0 || err != syscall.EINVAL {
		t.Errorf("DispatchSemaphoreCreate(-1) = %#x, %v, want EINVAL", s, err)
	}
	s, err := darwin.DispatchSemaphoreCreate(2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false} {
		if got := darwin.DispatchSemaphoreWait(s, darwin.DISPATCH_TIME_NOW); got != want {
			t.Errorf("wait %d of a semaphore of 2 = %v", i+1, got)
		}
	}
	if darwin.DispatchSemaphoreSignal(s) {
		t.Error("a signal woke somebody, and nobody waits")
	}
	if !darwin.DispatchSemaphoreWait(s, darwin.DISPATCH_TIME_FOREVER) {
		t.Error("a wait without a limit gave up")
	}

	const threads, rounds = 4, 50
	var taken atomic.Int32
	var done sync.WaitGroup
	for i := range threads {
		done.Go(func() {
			limit := darwin.DISPATCH_TIME_FOREVER
			if i%2 == 0 {
				limit = darwin.DispatchTime(darwin.DISPATCH_TIME_NOW, int64(patience))
			}
			for range rounds {
				if !darwin.DispatchSemaphoreWait(s, limit) {
					t.Error("a wait gave up")
				}
				taken.Add(1)
			}
		})
	}
	eventually(t, "a signal wakes somebody", func() bool { return darwin.DispatchSemaphoreSignal(s) || taken.Load() == threads*rounds })
	for taken.Load() < threads*rounds {
		if woke := darwin.DispatchSemaphoreSignal(s); !woke {
			runtime.Gosched()
		}
	}
	done.Wait()
	for range 2 { // the initial value
		darwin.DispatchSemaphoreSignal(s)
	}
	darwin.DispatchRelease(s)
}

func TestDispatchTime(t *testing.T) {
	s, err := darwin.DispatchSemaphoreCreate(0)
	if err != nil {
		t.Fatal(err)
	}
	defer darwin.DispatchRelease(s)
	for name, now := range map[string]uint64{"now": darwin.DISPATCH_TIME_NOW, "the wall clock": darwin.DISPATCH_WALLTIME_NOW} {
		if got := darwin.DispatchSemaphoreWait(s, darwin.DispatchTime(now, -1)); got {
			t.Errorf("%s: a wait until a time that was took one of none", name)
		}
		const d = 5 * time.Millisecond
		begin := time.Now()
		end := darwin.DispatchTime(darwin.DispatchTime(now, int64(d)-1), 1)
		got := darwin.DispatchSemaphoreWait(s, end)
		// This test requires only half the time: the wall clock may be set.
		if took := time.Since(begin); got || took < d/2 || took > d+patience {
			t.Errorf("%s: a wait of %v took %v, and %v", name, d, took, got)
		}
	}
	if got := darwin.DispatchTime(darwin.DISPATCH_TIME_FOREVER, -5); got != darwin.DISPATCH_TIME_FOREVER {
		t.Errorf("before forever is %#x", got)
	}
	if got := darwin.DispatchTime(darwin.DISPATCH_TIME_NOW, 1<<63-1); got != darwin.DISPATCH_TIME_FOREVER {
		t.Errorf("292 years from now is %#x", got)
	}
}
