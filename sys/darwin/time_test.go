// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"math/bits"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// TestMachAbsoluteTime checks that ticks times the timebase equal Go's monotonic time.
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

func TestMachContinuousTime(t *testing.T) {
	first, absolute := darwin.MachContinuousTime(), darwin.MachAbsoluteTime()
	if first+ticks(time.Second) < absolute { // it also counts the time asleep
		t.Errorf("the clock with sleep says %d, the one without %d", first, absolute)
	}
	for absolute = darwin.MachAbsoluteTime(); darwin.MachAbsoluteTime() == absolute; {
	}
	if last := darwin.MachContinuousTime(); last <= first || last-first > ticks(patience) {
		t.Errorf("it went from %d to %d", first, last)
	}
}

func TestMachWaitUntil(t *testing.T) {
	for _, d := range []time.Duration{-time.Second, 0, time.Millisecond, 20 * time.Millisecond} {
		begin := darwin.MachAbsoluteTime()
		deadline := begin + ticks(max(d, 0)) - ticks(max(-d, 0))
		err := darwin.MachWaitUntil(deadline)
		for ; err == darwin.KERN_ABORTED; err = darwin.MachWaitUntil(deadline) {
		}
		if err != nil {
			t.Errorf("a wait of %v = %v", d, err)
		}
		if end := darwin.MachAbsoluteTime(); end < deadline || end > begin+ticks(patience) {
			t.Errorf("a wait of %v began at %d and ended at %d", d, begin, end)
		}
	}
	interrupt(t, darwin.KERN_ABORTED, func() error { return darwin.MachWaitUntil(darwin.MachAbsoluteTime() + ticks(patience)) })
}

// TestYield calls the two names of one function. It can only check that the caller goes on.
func TestYield(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := darwin.SchedYield(); err != nil {
		t.Errorf("SchedYield = %v", err)
	}
	darwin.PthreadYieldNp()
}
