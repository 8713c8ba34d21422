// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"io"
	"math"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// clockTick is how much earlier than asked a sleep may end, on Windows.
const clockTick = 16 * time.Millisecond

// TestTicker lets work take more than a period, now and then: each period is counted once, and none begins elsewhere.
func TestTicker(t *testing.T) {
	const period = 2 * time.Millisecond
	ticker := thread.NewTicker(period)
	begin := ticker.Due().Add(-period)
	missed, periods := 0, 0
	for i := range 10 {
		due := ticker.Due()
		n := ticker.Next()
		if now := time.Now(); now.Before(due.Add(-clockTick)) || n < 0 {
			t.Fatalf("Next = %d, at %v, want %v", n, now, due)
		}
		if missed, periods = missed+n, periods+1+n; ticker.Due() != begin.Add(time.Duration(periods+1)*period) {
			t.Errorf("the period after %d periods ends at %v after the first began", periods, ticker.Due().Sub(begin))
		}
		if i%3 == 2 {
			for late := ticker.Due().Add(2*period + period/2); time.Now().Before(late); {
				thread.Sleep(time.Until(late))
			}
			due := ticker.Due()
			if n := ticker.Next(); n < 2 {
				t.Errorf("Next = %d after more than two periods too many", n)
			} else if missed, periods = missed+n, periods+1+n; ticker.Due() != due.Add(time.Duration(n+1)*period) {
				t.Errorf("%d missed, and the period ends %v later", n, ticker.Due().Sub(due))
			}
			if now := time.Now(); !ticker.Due().After(now.Add(-period)) && n < 1000 {
				t.Logf("behind again, by %v", now.Sub(ticker.Due()))
			}
		}
	}
}

// TestTickerLate is late by less than a period: nothing is missed, and Next does not block.
func TestTickerLate(t *testing.T) {
	const period = time.Hour
	ticker := thread.NewTicker(period)
	thread.SetDue(ticker, time.Now().Add(-time.Minute))
	for _, want := range []time.Duration{-time.Minute, period - time.Minute} {
		if got := time.Until(ticker.Due()); got > want || got < want-time.Minute {
			t.Errorf("due in %v, want %v", got, want)
		}
		if want < 0 {
			if n := ticker.Next(); n != 0 {
				t.Errorf("Next = %d, want 0", n)
			}
		}
	}
	thread.SetDue(ticker, time.Now().Add(-3*period-time.Minute))
	if n := ticker.Next(); n != 3 {
		t.Errorf("Next = %d, want 3", n)
	}
}

// TestTickerVeryLate misses more periods than an int of 32 bits can count.
func TestTickerVeryLate(t *testing.T) {
	ticker := thread.NewTicker(time.Nanosecond)
	thread.SetDue(ticker, time.Now().Add(-10*time.Second))
	before := time.Now()
	if n := ticker.Next(); n < math.MaxInt32 || ticker.Due().Before(before) {
		t.Errorf("Next = %d, and the period ends %v before the call", n, before.Sub(ticker.Due()))
	}
}

// TestNextContext ends the context before, during and after the sleep.
func TestNextContext(t *testing.T) {
	ticker := thread.NewTicker(time.Hour)
	due := ticker.Due()
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Millisecond, func() { cancel(io.EOF) })
	for range 2 { // the second time it is already done
		if n, err := ticker.NextContext(ctx); n != 0 || err != io.EOF || ticker.Due() != due {
			t.Errorf("NextContext = %d, %v, the period ends in %v", n, err, time.Until(ticker.Due()))
		}
	}
	thread.SetDue(ticker, time.Now().Add(-time.Minute))
	if n, err := ticker.NextContext(ctx); n != 0 || err != io.EOF || ticker.Due().After(time.Now()) {
		t.Errorf("NextContext, due and done = %d, %v", n, err)
	}
	if n, err := ticker.NextContext(t.Context()); n != 0 || err != nil || !ticker.Due().After(time.Now()) {
		t.Errorf("NextContext, due = %d, %v", n, err)
	}
	thread.SetDue(ticker, time.Now().Add(time.Millisecond))
	if _, err := ticker.NextContext(context.Background()); err != nil || ticker.Due().Before(due) {
		t.Errorf("NextContext = %v", err)
	}
}

func TestNewTickerPanics(t *testing.T) {
	for _, d := range []time.Duration{0, -1} {
		locktest.Panics(t, "NewTicker", "thread: NewTicker with a period that is not positive", func() { thread.NewTicker(d) })
	}
}

// TestSleepUntil sleeps until times with and without a monotonic clock reading, and not until one that is further back than a Duration
// can say.
func TestSleepUntil(t *testing.T) {
	for _, past := range []time.Time{{}, time.Unix(math.MinInt64, 0)} {
		thread.SleepUntil(past)
	}
	for _, d := range []time.Duration{-time.Hour, 0, time.Millisecond, 20 * time.Millisecond} {
		for _, until := range []time.Time{time.Now().Add(d), time.Now().Add(d).Round(0)} {
			thread.SleepUntil(until)
			if left := time.Until(until); left > clockTick {
				t.Errorf("SleepUntil returns %v early", left)
			}
		}
	}
}
