// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// counter reads the clock that does not wait for a tick.
func counter(t *testing.T) time.Duration {
	t.Helper()
	perSecond, err := windows.QueryPerformanceFrequency()
	if err != nil {
		t.Fatal(err)
	}
	now, err := windows.QueryPerformanceCounter()
	if err != nil {
		t.Fatal(err)
	}
	return CounterTime(now, perSecond)
}

// TestSleepFor sleeps by a timer, not too briefly, and uses the timer again.
func TestSleepFor(t *testing.T) {
	before := timers.free
	for _, d := range []time.Duration{0, 1, 100 * time.Microsecond, 3 * time.Millisecond} {
		for _, bell := range []*Bell{nil, NewBell()} {
			began := counter(t)
			if !SleepFor(d, bell) {
				t.Fatalf("SleepFor(%v) does not work here", d)
			}
			if took := counter(t) - began; took < d-1 || took > d+10*time.Second {
				t.Errorf("SleepFor(%v) took %v", d, took)
			}
			bell.Close()
		}
	}
	if n := len(timers.free); n > len(before)+1 {
		t.Errorf("%d timers are left of one that was used at a time", n)
	}
}

// TestBell ends sleeps: the present one, and the next one.
func TestBell(t *testing.T) {
	bell := NewBell()
	if bell == nil {
		t.Skip("no timers of high resolution")
	}
	defer bell.Close()
	bell.Ring()
	for range 2 {
		if !SleepFor(time.Hour, bell) {
			t.Fatal("SleepFor does not work here")
		}
		time.AfterFunc(5*time.Millisecond, bell.Ring)
	}
	SleepFor(time.Hour, bell) // which has the second of these
}

// TestTimersAreClosed has more threads sleep at a time than there are timers to keep.
func TestTimersAreClosed(t *testing.T) {
	var taken []windows.Handle
	for range mostTimers + 3 {
		timer, err := takeTimer()
		if err != nil {
			t.Skip(err)
		}
		taken = append(taken, timer)
	}
	for _, timer := range taken {
		putTimer(timer)
	}
	if n := len(timers.free); n != mostTimers {
		t.Errorf("%d timers are kept, want %d", n, mostTimers)
	}
	if err := windows.CloseHandle(taken[len(taken)-1]); err == nil {
		t.Error("the last timer was open")
	}
}

// TestNow compares Now with the counter: neither waits for a tick.
func TestNow(t *testing.T) {
	if _, err := windows.QueryInterruptTimePrecise(); err != nil {
		t.Skip(err) // Now is time.Now, which waits for a tick
	}
	const apart = time.Millisecond // as the two may run
	before := counter(t)
	first := Now()
	after := counter(t)
	for range 1000 {
		began := counter(t)
		passed := Now().Sub(first)
		if most := counter(t) - before; passed < began-after-apart || passed > most+apart {
			t.Fatalf("%v have passed, want from %v to %v", passed, began-after, most)
		}
	}
}
