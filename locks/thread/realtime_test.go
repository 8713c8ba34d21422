// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"math"
	"os"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// realtime puts the calling thread into the real-time class, and reports whether that is possible here.
func realtime(t *testing.T, period, computation time.Duration) bool {
	t.Helper()
	err := thread.SetRealtime(period, computation)
	if errors.Is(err, os.ErrPermission) {
		t.Logf("not checked without the privilege: %v", err)
		return false
	}
	if !supported(t, err) {
		return false
	}
	if err != nil {
		t.Errorf("SetRealtime(%v, %v) = %v", period, computation, err)
	}
	return err == nil
}

func TestSetRealtimeInvalid(t *testing.T) {
	pinned(t, func() {
		for _, tt := range []struct{ period, computation time.Duration }{
			{0, 0}, {time.Millisecond, 0}, {time.Millisecond, -1}, {-1, -2}, {time.Millisecond, time.Millisecond + 1}, {math.MinInt64, math.MaxInt64},
		} {
			if err := thread.SetRealtime(tt.period, tt.computation); !errors.Is(err, os.ErrInvalid) {
				t.Errorf("SetRealtime(%v, %v) = %v, want %v", tt.period, tt.computation, err, os.ErrInvalid)
			}
		}
	})
	locktest.Panics(t, "SetRealtime", "thread: SetRealtime by a goroutine that is not pinned", func() {
		_ = thread.SetRealtime(time.Millisecond, time.Microsecond)
	})
}

// TestSetRealtimeBounds asks for the shortest and the longest that can be said.
func TestSetRealtimeBounds(t *testing.T) {
	pinned(t, func() {
		for _, tt := range []struct{ period, computation time.Duration }{
			{1, 1}, {time.Microsecond, 1}, {time.Second, time.Second}, {math.MaxInt64, 1}, {math.MaxInt64, math.MaxInt64},
		} {
			if !realtime(t, tt.period, tt.computation) {
				return
			}
		}
	})
}

// TestRealtimeTicker has a real-time thread tick, sleep, and wait for a permit.
func TestRealtimeTicker(t *testing.T) {
	pinned(t, func() {
		if !realtime(t, time.Millisecond, 100*time.Microsecond) {
			return
		}
		ticker := thread.NewTicker(time.Millisecond)
		for range 5 {
			due := ticker.Due()
			if ticker.Next(); time.Now().Before(due.Add(-clockTick)) {
				t.Errorf("Next returns %v early", time.Until(due))
			}
		}
		thread.Sleep(time.Millisecond)
		if thread.ParkFor(time.Millisecond) {
			t.Error("ParkFor has found a permit")
		}
	})
}

// TestRealtimeOfExecutor has Start make the threads of an Executor real-time ones, those that replace others, too.
func TestRealtimeOfExecutor(t *testing.T) {
	starts := 0
	e, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
		starts++
		return thread.SetRealtime(10*time.Millisecond, time.Millisecond)
	}})
	if errors.Is(err, os.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		t.Skipf("not possible here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want := systemClass(t, e.Do)
	for range 2 {
		if got := systemClass(t, e.Do); got != want {
			t.Errorf("a function runs in class %s, want %s", got, want)
		}
		_ = e.Do(func() error { thread.Discard(); return nil })
	}
	if got := systemClass(t, e.Do); got != want || starts != 3 {
		t.Errorf("after %d starts a function runs in class %s, want 3 and %s", starts, got, want)
	}
	if got := systemClass(t, func(f func() error) error { return f() }); got == want && want != "" {
		t.Errorf("the test runs in class %s, too", got)
	}
}
