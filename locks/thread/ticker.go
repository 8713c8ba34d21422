// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread/internal/osthread"
	"github.com/osync-go/osync/sys/futex"
)

// A Ticker divides time into periods, for a thread that does something in each of them, such as an audio or a
// control loop:
//
//	for t := thread.NewTicker(10 * time.Millisecond); ; {
//		if missed := t.Next(); missed > 0 {
//			…
//		}
//		…
//	}
//
// The periods do not drift: their ends are multiples of the period after NewTicker, however late Next returns. Next
// sleeps as [SleepUntil] does. A Ticker has no goroutine and no timer, and need not be stopped. It must not be used by
// several goroutines at the same time. A Ticker is made by NewTicker; the methods of the zero value panic.
type Ticker struct {
	due    time.Time
	period time.Duration
}

// NewTicker returns a Ticker whose first period begins now. It panics if period is not positive.
func NewTicker(period time.Duration) *Ticker {
	if period <= 0 {
		panic("thread: NewTicker with a period that is not positive")
	}
	return &Ticker{due: osthread.Now().Add(period), period: period}
}

// Next blocks until the end of the current period. It returns how many periods were missed, that is, passed
// completely since then because the caller or the system was late.
//
// If the end of the period has already passed when Next is called, it returns at once. So after work that
// once takes longer than a period, the next turn begins late and those after it begin on time. Missed
// periods are not made up for: Next returns once for all of them, and continues with the period in which
// it returns.
func (t *Ticker) Next() (missed int) {
	SleepUntil(t.due)
	return t.advance()
}

// NextContext is Next until ctx is done. If ctx is done before the end of the period, even before the call,
// NextContext returns an error that wraps the [context.Cause] of ctx, and the current period continues. It allocates
// memory for ctx. On macOS it does not sleep with mach_wait_until, which cannot be interrupted, but as a waiter for a
// lock with a deadline. A nil ctx panics.
func (t *Ticker) NextContext(ctx context.Context) (missed int, err error) {
	if err := park.Context(ctx).Err(); err != nil {
		return 0, err
	}
	word, bell, rung := new(atomic.Uint32), osthread.NewBell(), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		word.Store(1)
		_ = futex.Wake(word, futex.Private) // fails only without a binding; then no thread sleeps here
		bell.Ring()
		close(rung)
	})
	defer func() {
		if !stop() && bell != nil {
			<-rung // a closed bell must not be rung
		}
		bell.Close()
	}()
	if !sleepUntil(t.due, word, ctx.Done(), bell) {
		return 0, park.Ended(ctx)
	}
	return t.advance(), nil
}

// advance moves on to the period that includes now, and returns how many periods were skipped.
func (t *Ticker) advance() (missed int) {
	late := max(osthread.Now().Sub(t.due), 0) / t.period
	t.due = t.due.Add((late + 1) * t.period)
	return int(min(late, math.MaxInt)) // an int may have 32 bits
}

// Due returns the end of the current period, which is the earliest time at which the next call of
// Next returns.
func (t *Ticker) Due() time.Time { return t.due }
