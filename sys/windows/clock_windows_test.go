// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// TestInterruptTime compares the clocks: no clock goes back, and the precise ones are ahead of the others by less than a tick.
func TestInterruptTime(t *testing.T) {
	for _, c := range []struct {
		name          string
		coarse, exact func() (uint64, error)
	}{
		{"QueryInterruptTime", windows.QueryInterruptTime, windows.QueryInterruptTimePrecise},
		{"QueryUnbiasedInterruptTime", windows.QueryUnbiasedInterruptTime, windows.QueryUnbiasedInterruptTimePrecise},
	} {
		before, err := c.coarse()
		if unsupported(t, c.name, err) {
			t.Logf("not checked: there is no %s", c.name)
			continue
		}
		ok(t, err)
		begin := now(t)
		time.Sleep(2 * clockTick)
		took := now(t) - begin
		after, err := c.coarse()
		ok(t, err)
		if d := 100 * time.Duration(after-before); after < before || d+clockTick < took {
			t.Errorf("%s has gone on by %v in %v", c.name, d, took)
		}
		exact, err := c.exact()
		if unsupported(t, c.name+"Precise", err) {
			t.Logf("not checked: there is no %sPrecise", c.name)
			continue
		}
		const millisecond = 10_000 // by which the two may differ, as they are made of different counters
		if err != nil || exact+millisecond < after {
			t.Errorf("%sPrecise is %d, %v, and %s was %d before", c.name, exact, err, c.name, after)
		}
		if again, err := c.exact(); err != nil || again < exact {
			t.Errorf("%sPrecise goes from %d to %d, %v", c.name, exact, again, err)
		}
	}
}

// TestPerformanceCounter compares the counter with Go's clock, which does not advance between ticks.
func TestPerformanceCounter(t *testing.T) {
	perSecond, err := windows.QueryPerformanceFrequency()
	if err != nil || perSecond < 1_000_000 {
		t.Fatalf("QueryPerformanceFrequency = %d, %v", perSecond, err)
	}
	last, err := windows.QueryPerformanceCounter()
	if err != nil {
		t.Fatal(err)
	}
	first, began := last, time.Now()
	for time.Since(began) < 3*clockTick {
		now, err := windows.QueryPerformanceCounter()
		if err != nil || now < last {
			t.Fatalf("QueryPerformanceCounter = %d, %v, after %d", now, err, last)
		}
		last = now
	}
	if took := time.Duration(float64(last-first) / float64(perSecond) * 1e9); took < clockTick || took > time.Since(began)+2*clockTick {
		t.Errorf("%v in %v", took, time.Since(began))
	}
}
