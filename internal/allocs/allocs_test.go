// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package allocs

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

var kept *int

func TestPerRun(t *testing.T) {
	got, want := PerRun(t, 100, func() { kept = new(int) }), 1.0
	if !Counted(t) {
		want = 0
	}
	if got != want {
		t.Errorf("PerRun = %v for a function that allocates once, want %v", got, want)
	}
}

// TestCounted checks that allocations are left uncounted in no other build than those of the two flags
// and the build tag.
func TestCounted(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Skip("this program does not know how it was built")
	}
	want := !slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool {
		return debugging || s.Key == "-asan" && s.Value == "true" || s.Key == "-gcflags" &&
			(strings.Contains(s.Value, "checkptr=2") || strings.Contains(s.Value, "-N") || strings.Contains(s.Value, "-l"))
	})
	if got := Counted(t); got != want {
		t.Errorf("Counted = %t, want %t in a build with %v", got, want, info.Settings)
	}
}
