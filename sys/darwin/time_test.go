// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"math/bits"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// TestMachAbsoluteTime checks that ticks times the timebase are Go's monotonic time.
func TestMachAbsoluteTime(t *testing.T) {
	numer, denom := darwin.MachTimebaseInfo()
	if numer == 0 || denom == 0 {
		t.Fatalf("timebase %d/%d", numer, denom)
	}
	begin := time.Now()
	first := darwin.MachAbsoluteTime()
	inside := time.Now()
	for time.Since(inside) < 2*time.Millisecond { // busy, so that something is measured
	}
	least := time.Since(inside)
	last := darwin.MachAbsoluteTime()
	most := time.Since(begin)
	hi, lo := bits.Mul64(last-first, uint64(numer))
	ns, _ := bits.Div64(hi, lo, uint64(denom))
	const rounding = 2 * time.Microsecond // a tick can be 42 ns long
	if d := time.Duration(ns); d < least-rounding || d > most+rounding {
		t.Errorf("%d ticks of %d/%d ns are %v, Go says from %v to %v", last-first, numer, denom, d, least, most)
	}
}
