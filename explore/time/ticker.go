// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package time

import (
	"time"

	"github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A Ticker fires repeatedly.
type Ticker struct {
	// C receives the times at which the Ticker fires.
	C <-chan time.Time

	real *time.Ticker // outside an exploration
	*alarm
	period time.Duration
}

// NewTicker returns a Ticker that fires with period d. It panics if d is not positive.
//
// In an exploration it fires again when its last time has been received: dropping the times that C has no room for
// makes no difference.
func NewTicker(d time.Duration) *Ticker {
	t := engine.Self()
	if t == nil || d <= 0 {
		r := time.NewTicker(d)
		return &Ticker{C: r.C, real: r}
	}
	a := newAlarm(t, "ticker")
	k := &Ticker{C: a.c, alarm: a, period: d}
	channel.Of(t, a.c).Received = func(by *engine.Thread) { a.start(by, a.at+int64(k.period)) }
	a.start(t, due(t, "time.NewTicker", d))
	return k
}

// Tick returns the channel of a new Ticker. It is nil if d is not positive.
func Tick(d time.Duration) <-chan time.Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}

// Stop keeps the Ticker from firing again, and discards a time that is still in C.
func (k *Ticker) Stop() {
	switch {
	case k.alarm != nil:
		k.alarm.stop(engine.Self(), "Ticker.Stop")
	case k.real != nil:
		k.real.Stop()
	}
}

// Reset makes the Ticker fire with period d from now on. It panics if d is not positive.
func (k *Ticker) Reset(d time.Duration) {
	switch {
	case k.alarm == nil && k.real == nil:
		new(time.Ticker).Reset(d) // panics
	case k.alarm == nil:
		k.real.Reset(d)
	case d <= 0:
		panic("non-positive interval for Ticker.Reset")
	default:
		t := engine.Self()
		at := due(t, "Ticker.Reset", d)
		k.alarm.stop(t, "Ticker.Reset")
		k.period = d
		k.alarm.start(t, at)
	}
}
