// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

//go:noinline
func leakForTheProfile() { <-make(chan int) }

// LeakProfile takes Go's profile of leaked goroutines while a goroutine is in each wait, with a limit and
// without one. All can still be woken, so the profile must not name them. It names a goroutine that
// waits for a channel that no other goroutine has.
func LeakProfile(t *testing.T, threads Start, newWaits func() []Wait) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		t.Skipf("%s has no goroutine leak profile; Go 1.27 has", runtime.Version())
	}
	go leakForTheProfile() // for good
	cancellable, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, how := range []Start{Goroutines, threads} {
		for _, ctx := range []context.Context{context.Background(), cancellable} {
			all := newWaits()
			var joins []func()
			for _, w := range all {
				joins = append(joins, how.Go(func() { _ = w.Wait(ctx) }))
				Eventually(t, w.Name+": it waits", func() bool { return w.Waiting() == 1 })
			}
			named := ""
			// The profile leaves out a goroutine that is on its way to sleep.
			Eventually(t, "the profile names the goroutine that has leaked", func() bool {
				var text strings.Builder
				if err := profile.WriteTo(&text, 1); err != nil {
					t.Fatal(err)
				}
				named = text.String()
				return strings.Contains(named, "leakForTheProfile")
			})
			// All waiters are inside package park. A test may have left a holder for good.
			if strings.Contains(named, "osync/locks/park.") {
				t.Errorf("the profile names goroutines that can still be woken:\n%s", named)
			}
			for _, w := range all {
				w.Settle()
			}
			for _, join := range joins {
				join()
			}
		}
	}
}

// MutexProfile looks for entries in the mutex profile that come from a wake-up. Each would charge a whole wait
// to the goroutine that ended it, and nothing to the others that held the lock meanwhile.
func MutexProfile(t *testing.T, threads Start, newWaits func() []Wait) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	cancellable, cancel := context.WithCancel(t.Context())
	defer cancel()
	before := Contention(t, runtime.MutexProfile)
	for _, how := range []Start{Goroutines, threads} {
		for _, ctx := range []context.Context{context.Background(), cancellable} {
			for _, w := range newWaits() {
				const waiters = 2
				done := Goroutines.Go(func() { how.Run(waiters, func(int) { _ = w.Wait(ctx) }) })
				Eventually(t, w.Name+": all wait", func() bool { return w.Waiting() == waiters })
				time.Sleep(time.Millisecond) // so that they are asleep; a wrong entry needs that
				w.Settle()
				done()
			}
		}
	}
	for stack, n := range Contention(t, runtime.MutexProfile) {
		// Contention for the lock of a bucket is charged to its holders.
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

// Contention returns how often each stack stands in a profile.
func Contention(t *testing.T, profile func([]runtime.BlockProfileRecord) (int, bool)) map[string]int64 {
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
