// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_synctest

package thread_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

// TestParkInBubble parks a thread in a bubble, whose time must pass, and unparks it there.
func TestParkInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		threads := make(chan *thread.Thread)
		h := thread.Spawn(func() error {
			threads <- thread.Current()
			thread.Park()
			if thread.ParkFor(time.Minute) {
				t.Error("ParkFor has a permit")
			}
			return nil
		})
		parked := <-threads
		time.Sleep(time.Hour)
		parked.Unpark()
		if err := h.Join(); err != nil {
			t.Error(err)
		}
		if passed := time.Since(begin); passed != time.Hour+time.Minute {
			t.Errorf("%v of the bubble's time have passed, want 1h1m", passed)
		}
	})
}
