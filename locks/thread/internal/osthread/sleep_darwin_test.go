// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// TestSleepFor sleeps not too briefly, by the ticks of the kernel.
func TestSleepFor(t *testing.T) {
	numer, denom := darwin.MachTimebaseInfo()
	for _, d := range []time.Duration{0, 1, 100 * time.Microsecond, 3 * time.Millisecond} {
		began := darwin.MachAbsoluteTime()
		if !SleepFor(d, NewBell()) {
			t.Fatalf("SleepFor(%v) does not work here", d)
		}
		if took := darwin.MachAbsoluteTime() - began; took < MachTicks(d, numer, denom) {
			t.Errorf("SleepFor(%v) took %d ticks", d, took)
		}
	}
}
