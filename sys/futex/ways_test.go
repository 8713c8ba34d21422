// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package futex_test

import (
	"testing"

	"github.com/osync-go/osync/sys/futex"
)

// TestWays runs the tests of the package over each way to sleep that works here.
func TestWays(t *testing.T) {
	for _, name := range futex.Ways() {
		t.Run(name, func(t *testing.T) {
			if !futex.Works(name) {
				t.Skip("this system lacks it")
			}
			defer futex.Force(name)()
			if got := futex.Backend(); got != name {
				t.Errorf("Backend() = %s", got)
			}
			t.Run("WaitReturnsWhenTheWordDiffers", TestWaitReturnsWhenTheWordDiffers)
			t.Run("Wake", TestWakeEndsAWait)
			t.Run("Deadline", TestDeadlineEndsAWait)
			t.Run("DeadlineInBubble", TestDeadlineInBubble)
			t.Run("HandOver", TestHandOverLosesNoWake)
			t.Run("StopTheWorld", TestStopTheWorld)
			t.Run("Allocations", TestNothingIsAllocated)
		})
	}
}

// TestNoWayIsUnsupported checks a system where no way works.
func TestNoWayIsUnsupported(t *testing.T) {
	defer futex.Force("none")()
	if got := futex.Backend(); got != "none" {
		t.Errorf("Backend() = %s", got)
	}
	if futex.Supported(futex.Private) || futex.Supported(futex.Shared) {
		t.Error("Supported = true where no way works")
	}
	t.Run("Unsupported", TestUnsupported)
}
