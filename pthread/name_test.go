// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package pthread_test

import (
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/osync-go/osync/pthread"
)

// TestThreadNameTooLong gives names that are too long, up to those for which the package itself has no room.
func TestThreadNameTooLong(t *testing.T) {
	need(t, "pthread_setname_np", "pthread_getname_np")
	longest, want := 15, syscall.ERANGE
	if runtime.GOOS == "darwin" {
		longest, want = 63, syscall.ENAMETOOLONG
	}
	onThread(func(self pthread.Thread) {
		name := strings.Repeat("x", longest)
		wants(t, "the longest name", self.SetName(name), nil)
		for _, n := range []int{longest + 1, 100, 127, 128, 1000} {
			wants(t, "a longer name", self.SetName(strings.Repeat("y", n)), want)
		}
		if got := made(self.Name())(t); got != name {
			t.Errorf("Name() = %q after names that are too long, want %q", got, name)
		}
	}, t)
}
