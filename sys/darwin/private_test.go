// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"
)

// TestPrivateNames reads the running program. A build without Apple's private calls must not
// contain their names, neither as imports nor as strings. In any other build the test finds
// them, which shows that it works.
func TestPrivateNames(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		halves [2]string // joined below, so that the program does not hold the name itself
		want   bool
	}{
		{[2]string{"__", "ulock_wait"}, privateCalls},
		{[2]string{"__", "ulock_wait2"}, privateCalls},
		{[2]string{"__", "ulock_wake"}, privateCalls},
		{[2]string{"os_unfair_lock_", "lock_with_options"}, false},
		{[2]string{"os_unfair_lock_", "trylock_with_options"}, false},
		{[2]string{"unfair_recursive", "_lock"}, false},
		{[2]string{"_no", "_tsd"}, false},
		{[2]string{"os_workgroup_", "interval_create"}, false},
		{[2]string{"os_workgroup_", "copy_port"}, runtime.GOOS != "ios"},
		{[2]string{"os_sync_wait_", "on_address"}, true}, // public: the test finds a name that is present
	} {
		name := strings.Join(c.halves[:], "")
		if got := bytes.Contains(text, []byte(name)); got != c.want {
			t.Errorf("the program names %s: %v, want %v", name, got, c.want)
		}
	}
}
