// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package time

import (
	"math"
	"time"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
)

// An alarm rings once after each start, at a moment that the explorer chooses.
type alarm struct {
	name  string
	ring  func(timer *engine.Thread)
	c     chan time.Time // nil if ring does not send
	at    int64          // when it rings, at the earliest
	timer *engine.Timer
}

// newAlarm returns an alarm that sends the time to a new channel.
func newAlarm(t *engine.Thread, name string) *alarm {
	a := &alarm{name: name, c: make(chan time.Time, 1)}
	channel.Of(t, a.c).Timer = true
	a.ring = func(timer *engine.Thread) { channel.Of(timer, a.c).Offer(timer, engine.Date(a.at)) }
	return a
}

// due returns when an alarm of length d rings.
func due(t *engine.Thread, name string, d time.Duration) int64 {
	now := t.Now(name)
	return now + min(max(int64(d), 0), math.MaxInt64-now)
}

// object returns the object of a's steps.
func (a *alarm) object() unsafe.Pointer {
	if a.c != nil {
		return channel.Pointer(a.c)
	}
	return unsafe.Pointer(a)
}

// start sets the alarm, which must not be set. It is part of a step of t.
func (a *alarm) start(t *engine.Thread, at int64) {
	a.at = at
	a.timer = t.StartTimer(a.name, at, a.object(), a.ring)
}

// stop keeps the alarm from ringing, and reports whether it did: an alarm whose time has not been received counts as
// one that has not rung. It is a step.
func (a *alarm) stop(t *engine.Thread, name string) bool {
	stopped := t.StopTimer(name, a.timer)
	if a.c != nil && channel.Of(t, a.c).Drain() {
		stopped = true
	}
	return stopped
}
