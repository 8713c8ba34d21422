// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import "testing"

// TestTimeCallsAreChosen covers the kernels on which a 32-bit program may run. A filter may end the
// process for trying futex_time64, so the important part is where it is not tried.
func TestTimeCallsAreChosen(t *testing.T) {
	const never = -1 // a try that must not be made
	for _, c := range []struct {
		name    string
		release string
		has32   bool
		has64   int
		want    timeChoice
	}{
		{"Android 9, whose filter kills", "4.4.153-perf+", true, never, timeChoice{}},
		{"Synology, which uses the numbers otherwise", "4.4.302+", true, never, timeChoice{}},
		{"UNAME26", "2.6.78", true, never, timeChoice{}},
		{"the last without", "5.0.21", true, never, timeChoice{}},
		{"the first with", "5.1.0-rc1", true, never, timeChoice{times64: true}},
		{"two numbers", "5.1", true, never, timeChoice{times64: true}},
		{"two digits", "5.10-armmp", true, never, timeChoice{times64: true}},
		{"two digits before", "10.0.1", true, never, timeChoice{times64: true}},
		{"without 32-bit times", "6.18.0", false, never, timeChoice{futex64: true, times64: true}},
		{"the same, that says it is old", "2.6.78", false, never, timeChoice{futex64: true, times64: true}},
		{"unreadable, old", "", true, 0, timeChoice{}},
		{"unreadable, new", "linux", true, 1, timeChoice{times64: true}},
		{"unreadable after the point", "5.x", true, 1, timeChoice{times64: true}},
		{"unreadable, one number", "6", true, 1, timeChoice{times64: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			has64 := func() bool {
				if c.has64 == never {
					t.Errorf("futex_time64 is tried")
				}
				return c.has64 > 0
			}
			if got := chooseTimeCalls(c.release, func() bool { return c.has32 }, has64); got != c.want {
				t.Errorf("release %q: %+v, want %+v", c.release, got, c.want)
			}
		})
	}
}
