// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package clock

import (
	"testing"
	"time"
)

// TestElapsed measures a sleep beside package time.
func TestElapsed(t *testing.T) {
	const nap = 50 * time.Millisecond
	outer := time.Now()
	m := Now()
	time.Sleep(nap)
	took := m.Elapsed()
	most := time.Since(outer) + 20*time.Millisecond // the clocks of Windows are coarse
	if took < nap-20*time.Millisecond || took > most {
		t.Errorf("a sleep of %v took %v, want at most %v", nap, took, most)
	}
	if d := m.Sub(m); d != 0 {
		t.Errorf("a moment is %v after itself", d)
	}
}
