// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"runtime"
	"testing"
)

func TestProcs(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 3} {
		set(t, n)
		Refresh()
		if got := Procs(); got != n {
			t.Errorf("Procs() = %d, want %d", got, n)
		}
		if Worthwhile() && n == 1 {
			t.Error("a spin is said to be worthwhile with one processor")
		}
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

func TestRefreshAt(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	set(t, 1)
	now := refreshed.Load() + refreshNs + 1
	RefreshAt(now)
	set(t, 3)
	RefreshAt(now + refreshNs)
	if got := Procs(); got != 1 {
		t.Errorf("Procs() = %d: asked again before %v ns were over", got, refreshNs)
	}
	RefreshAt(now + refreshNs + 1)
	if got := Procs(); got != 3 {
		t.Errorf("Procs() = %d, want 3 after the change was due to be seen", got)
	}
}

func TestPause(*testing.T) {
	for _, n := range []uint32{0, 1, 1000} {
		Pause(n) // returns
	}
}

func BenchmarkPause(b *testing.B) {
	for b.Loop() {
		Pause(30)
	}
}
