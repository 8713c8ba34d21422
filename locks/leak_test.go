// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

//go:noinline
func leakForTheProfile() { <-make(chan int) }

// TestLeakProfileNamesNoLiveWaiter takes Go's profile of leaked goroutines while some wait at each
// type, with a limit and without one. All can still be woken, so that the profile must not name
// them; it names one that waits for a channel nobody else has.
func TestLeakProfileNamesNoLiveWaiter(t *testing.T) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		t.Skipf("%s has no goroutine leak profile; Go 1.27 has", runtime.Version())
	}
	go leakForTheProfile() // for good
	cancellable, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, how := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, ctx := range []context.Context{context.Background(), cancellable} {
			all := limitable()
			var joins []func()
			for _, c := range all {
				joins = append(joins, how.Go(func() { _ = c.wait(ctx) }))
				locktest.Eventually(t, c.name+": it waits", func() bool { return c.waiting() == 1 })
			}
			named := ""
			// A goroutine that is on its way to sleep is not yet looked at.
			locktest.Eventually(t, "the profile names the goroutine that has leaked", func() bool {
				var text strings.Builder
				if err := profile.WriteTo(&text, 1); err != nil {
					t.Fatal(err)
				}
				named = text.String()
				return strings.Contains(named, "leakForTheProfile")
			})
			// All that wait are inside package park. A test may have left a holder for good.
			if strings.Contains(named, "osync/locks/park.") {
				t.Errorf("the profile names goroutines that can still be woken:\n%s", named)
			}
			for _, c := range all {
				c.settle()
			}
			for _, join := range joins {
				join()
			}
		}
	}
}
