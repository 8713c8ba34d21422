// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

// TestTimedWaitSleeps checks that a release during a try lets the waiter try once more, and that it
// sleeps after that.
func TestTimedWaitSleeps(t *testing.T) {
	m, tries := new(native.SystemMutex), 0
	try := func() bool {
		if tries++; tries == 1 {
			m.Released()
		}
		return false
	}
	if m.WaitUntil(try, time.Now().Add(10*time.Millisecond)) {
		t.Error("the wait has succeeded")
	}
	if tries < 3 || tries > 100 { // a few wake-ups may be spurious
		t.Errorf("%d tries, want 3", tries)
	}
}
