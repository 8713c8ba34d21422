// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/sys/futex"
)

// TestWays runs the tests of the package over each way to sleep.
func TestWays(t *testing.T) {
	for _, name := range futex.Ways() {
		t.Run(name, func(t *testing.T) {
			restore, works := futex.Force(name)
			defer restore()
			if !works { // Windows has had both since version 8
				t.Fatal("the self-test fails")
			}
			if got := futex.Backend(); got != name {
				t.Errorf("Backend() = %s", got)
			}
			t.Run("WaitReturnsWhenTheWordDiffers", TestWaitReturnsWhenTheWordDiffers)
			t.Run("Wake", TestWake)
			t.Run("Deadline", TestDeadline)
			t.Run("DeadlineInBubble", testDeadlineInBubble)
			t.Run("HandOver", TestHandOver)
			t.Run("StopTheWorld", TestStopTheWorld)
			t.Run("Allocations", TestAllocations)
		})
	}
}

// TestNoWay checks what the package says where Windows has neither way.
func TestNoWay(t *testing.T) {
	restore, _ := futex.Force("none")
	defer restore()
	if got := futex.Backend(); got != "none" {
		t.Errorf("Backend() = %s", got)
	}
	if futex.Supported(futex.Private) || futex.Supported(futex.Shared) {
		t.Error("words are supported")
	}
	t.Run("Unsupported", TestUnsupported)
}

func TestSharedWordsAreUnsupported(t *testing.T) {
	if futex.Supported(futex.Shared) {
		t.Error("a wait on an address ends at the border of the process")
	}
	if err := futex.Wait(new(atomic.Uint32), 1, futex.Shared); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Wait = %v, want ErrUnsupported", err)
	}
}

// testDeadlineInBubble waits where Go's clock stands still while a thread sleeps.
func testDeadlineInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		word, deadline := new(atomic.Uint32), time.Now().Add(5*time.Millisecond)
		err := error(nil)
		for err == nil {
			err = futex.WaitUntil(word, 0, deadline, futex.Private)
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("WaitUntil = %v, want ErrDeadlineExceeded", err)
		}
	})
}
