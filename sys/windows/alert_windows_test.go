// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// TestAlertByThreadId alerts a thread that sleeps, and one that is about to. The permit is not shared here: these threads
// use no lock of the system meanwhile.
func TestAlertByThreadId(t *testing.T) {
	ids := make(chan uint32)
	join := start(t, func() {
		ids <- threadID(t)
		if err := windows.NtWaitForAlertByThreadId(0, nil); err != nil {
			t.Errorf("the wait of an alerted thread ends with %v", err)
		}
	})
	ok(t, windows.NtAlertThreadByThreadId(<-ids))
	join()

	elsewhere(t, func() {
		me, word := threadID(t), new(uintptr)
		for range 2 { // which make one permit
			if err := windows.NtAlertThreadByThreadId(me); err != nil {
				t.Error(err)
			}
		}
		if err := windows.NtWaitForAlertByThreadId(*word, ticks(patience)); err != nil {
			t.Errorf("an alert before the wait is lost: %v", err)
		}
		begin := now(t)
		const d = 20 * time.Millisecond
		wantError(t, "the second wait", windows.NtWaitForAlertByThreadId(0, ticks(d)), windows.STATUS_TIMEOUT)
		if took := now(t) - begin; took+clockTick < d {
			t.Errorf("a wait of %v took %v", d, took)
		}
	})
}

func TestAlertErrors(t *testing.T) {
	wantError(t, "no thread", windows.NtAlertThreadByThreadId(0), windows.STATUS_INVALID_CID)
}
