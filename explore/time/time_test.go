// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package time_test

import (
	"fmt"
	"testing"
	real "time"

	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/sync/atomic"
	"github.com/osync-go/osync/explore/time"
)

// A timer fires before or after anything else that happens.
func TestTimerFiresAtAnyTime(t *testing.T) {
	Outcomes(t, func() string {
		timer := time.NewTimer(real.Second)
		ch := make(chan int, 1)
		hook.Go(func() { hook.To(ch).Send(1) })
		return fmt.Sprint(hook.Select(false, hook.OnRecv(ch), hook.OnRecv(timer.C)))
	}, "0", "1")
	Outcomes(t, func() string {
		start := time.Now()
		at := hook.Recv(time.After(real.Minute))
		return fmt.Sprint(start.Year(), at.Sub(start), time.Since(start), time.Until(start))
	}, "2000 1m0s 1m0s -1m0s")
	Outcomes(t, func() string {
		start := time.Now()
		for _, d := range []real.Duration{-real.Hour, 0, 1<<63 - 1} {
			if hook.Recv(time.After(d)).Before(start) {
				return d.String()
			}
		}
		return ""
	}, "")
}

// After Stop the channel is empty, and either the timer was stopped or its time was received.
func TestStop(t *testing.T) {
	Outcomes(t, func() string {
		timer := time.NewTimer(real.Second)
		received := false
		All(func() { received = hook.Select(true, hook.OnRecv(timer.C)) == 0 })
		stopped := timer.Stop()
		return fmt.Sprint(received, stopped, hook.Select(true, hook.OnRecv(timer.C)), hook.Len(timer.C), hook.Cap(timer.C), timer.Stop())
	}, "false true -1 0 0 false", "true false -1 0 0 false")
}

func TestReset(t *testing.T) {
	Outcomes(t, func() string {
		start := time.Now()
		timer := time.NewTimer(real.Second)
		active := timer.Reset(real.Hour)
		return fmt.Sprint(active, hook.Recv(timer.C).Sub(start), timer.Reset(0), hook.Recv(timer.C).Sub(start))
	}, "true 1h0m0s false 1h0m0s")
}

func TestAfterFunc(t *testing.T) {
	Outcomes(t, func() string {
		var calls atomic.Int32
		done := make(chan int)
		timer := time.AfterFunc(real.Second, func() {
			calls.Add(1)
			hook.Close(done)
		})
		before := calls.Load()
		stopped := timer.Stop()
		if !stopped {
			hook.Recv(done)
		}
		return fmt.Sprint(timer.C == nil, before, stopped, calls.Load())
	}, "true 0 true 0", "true 0 false 1", "true 1 false 1")
	Outcomes(t, func() string { // a function that is called after the test has returned is not a failure
		time.AfterFunc(real.Second, func() {})
		time.NewTimer(real.Second)
		time.NewTicker(real.Second)
		return ""
	}, "")
}

func TestSleep(t *testing.T) {
	Outcomes(t, func() string {
		start := time.Now()
		var woken atomic.Int32
		var a int32
		All(
			func() { time.Sleep(real.Second); a = woken.Add(1) },
			func() { time.Sleep(real.Millisecond); woken.Add(1) },
		)
		return fmt.Sprint(a, woken.Load(), time.Since(start))
	}, "1 2 1s", "2 2 1s")
	Outcomes(t, func() string { // sleeps do not use up the timers
		for range 100 {
			time.Sleep(1<<63 - 1)
			time.Sleep(-1)
		}
		return ""
	}, "")
}

func TestTicker(t *testing.T) {
	Outcomes(t, func() string {
		start := time.Now()
		ticker := time.NewTicker(real.Second)
		a, b := hook.Recv(ticker.C), hook.Recv(ticker.C)
		ticker.Reset(real.Hour)
		c, d := hook.Recv(ticker.C), hook.Recv(ticker.C)
		ticker.Stop()
		return fmt.Sprint(a.Sub(start), b.Sub(a), c.Sub(b), d.Sub(c), hook.Select(true, hook.OnRecv(ticker.C)))
	}, "1s 1s 1h0m0s 1h0m0s -1")
	Outcomes(t, func() string {
		n := 0
		ticks := time.Tick(real.Second)
		done := make(chan int)
		hook.Go(func() { hook.Close(done) })
		for n < 2 && hook.Select(false, hook.OnRecv(ticks), hook.OnRecv(done)) == 0 {
			n++
		}
		return fmt.Sprint(n)
	}, "0", "1", "2")
}

func TestOutside(t *testing.T) {
	start := time.Now()
	timer := time.NewTimer(real.Hour)
	if !timer.Stop() || timer.Reset(0) {
		t.Error("Stop and Reset are wrong")
	}
	<-timer.C
	<-time.After(1)
	time.Sleep(1)
	ticker := time.NewTicker(real.Hour)
	ticker.Reset(1)
	<-ticker.C
	ticker.Stop()
	<-time.Tick(1)
	done := make(chan int)
	time.AfterFunc(1, func() { close(done) })
	<-done
	if time.Since(start) <= 0 || time.Until(start) >= 0 {
		t.Error("no time has passed")
	}
	new(time.Ticker).Stop()
	if time.Tick(0) != nil {
		t.Error("Tick(0) is not nil")
	}
	for want, f := range map[string]func(){
		"time: Stop called on uninitialized Timer":   func() { new(time.Timer).Stop() },
		"time: Reset called on uninitialized Timer":  func() { new(time.Timer).Reset(1) },
		"time: Reset called on uninitialized Ticker": func() { new(time.Ticker).Reset(1) },
		"non-positive interval for NewTicker":        func() { time.NewTicker(0) },
		"non-positive interval for Ticker.Reset":     func() { ticker.Reset(0) },
	} {
		func() {
			defer func() {
				if got := recover(); fmt.Sprint(got) != want {
					t.Errorf("panicked with %v, want %v", got, want)
				}
			}()
			f()
		}()
	}
}
