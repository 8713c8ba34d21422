// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package procs

import (
	"runtime"
	"testing"
)

func TestCount(t *testing.T) {
	defer Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 3} {
		set(t, n)
		Refresh()
		if got := Count(); got != n {
			t.Errorf("Count() = %d, want %d", got, n)
		}
	}
}

func TestRefreshAt(t *testing.T) {
	defer Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	set(t, 1)
	now := last.refreshed.Load() + refreshNs + 1
	RefreshAt(now)
	set(t, 3)
	RefreshAt(now + refreshNs)
	if got := Count(); got != 1 {
		t.Errorf("Count() = %d: asked again before %v ns were over", got, refreshNs)
	}
	RefreshAt(now + refreshNs + 1)
	if got := Count(); got != 3 {
		t.Errorf("Count() = %d, want 3 after the change was due to be seen", got)
	}
}

// set sets GOMAXPROCS, or skips the test where that is not possible.
func set(t *testing.T, n int) {
	t.Helper()
	runtime.GOMAXPROCS(n)
	if got := runtime.GOMAXPROCS(0); got != n {
		t.Skipf("GOMAXPROCS is always %d on %s", got, runtime.GOOS)
	}
}
