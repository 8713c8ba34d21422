// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package time

import (
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Sleep blocks the calling goroutine for at least d.
func Sleep(d time.Duration) {
	if t := engine.Self(); t != nil {
		t.Pass("time.Sleep", max(int64(d), 0))
		return
	}
	time.Sleep(d)
}

// A Timer fires once.
type Timer struct {
	// C receives the time at which the Timer fires. It is nil for a Timer of AfterFunc.
	C <-chan time.Time

	real *time.Timer // outside an exploration
	*alarm
}

// NewTimer returns a Timer that fires after d, at the earliest.
func NewTimer(d time.Duration) *Timer {
	t := engine.Self()
	if t == nil {
		r := time.NewTimer(d)
		return &Timer{C: r.C, real: r}
	}
	a := newAlarm(t, "timer")
	a.start(t, due(t, "time.NewTimer", d))
	return &Timer{C: a.c, alarm: a}
}

// AfterFunc returns a Timer that calls f in its own goroutine after d, at the earliest.
func AfterFunc(d time.Duration, f func()) *Timer {
	t := engine.Self()
	if t == nil {
		return &Timer{real: time.AfterFunc(d, f)}
	}
	a := &alarm{name: "time.AfterFunc", ring: func(timer *engine.Thread) { timer.Go(f) }}
	a.start(t, due(t, a.name, d))
	return &Timer{alarm: a}
}

// After returns the channel of a new Timer.
func After(d time.Duration) <-chan time.Time { return NewTimer(d).C }

// Stop keeps the Timer from firing, and reports whether it did. It discards a time that is still in C.
func (t *Timer) Stop() bool {
	if t.alarm == nil {
		return t.original().Stop()
	}
	return t.alarm.stop(engine.Self(), "Timer.Stop")
}

// Reset makes the Timer fire after d, at the earliest, instead of when it would have fired. It reports whether it kept
// the Timer from firing. It discards a time that is still in C.
func (t *Timer) Reset(d time.Duration) bool {
	if t.alarm == nil {
		return t.original().Reset(d)
	}
	self := engine.Self()
	at := due(self, "Timer.Reset", d)
	active := t.alarm.stop(self, "Timer.Reset")
	t.alarm.start(self, at)
	return active
}

// original returns the real timer. The zero Timer has an uninitialized one, whose methods panic.
func (t *Timer) original() *time.Timer {
	if t.real == nil {
		return new(time.Timer)
	}
	return t.real
}
