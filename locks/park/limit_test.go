// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/bubble"
	"github.com/osync-go/osync/locks/park"
)

// A closing context ends without an error, which package context forbids.
type closing struct {
	context.Context
	done chan struct{}
}

func (c closing) Done() <-chan struct{} { return c.done }

// A panicking context ends, and panics when it is asked for its error.
type panicking struct{ closing }

func (c panicking) Err() error {
	select {
	case <-c.done:
		panic("Err")
	default:
		return nil
	}
}

// A brokenContext panics when it is asked for a value, as by [context.Cause].
type brokenContext struct{ context.Context }

func (brokenContext) Value(any) any { panic("value") }

func TestLimitErr(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("no longer wanted")
		ctx, cancel := context.WithCancelCause(t.Context())
		later, until, context := park.For(time.Second), park.Until(time.Now().Add(time.Second)), park.Context(ctx)
		for _, l := range []park.Limit{{}, later, until, context, park.Until(time.Time{}), park.Context(t.Context())} {
			if err := l.Err(); err != nil {
				t.Errorf("a limit that is not over: %v", err)
			}
		}
		cancel(cause)
		time.Sleep(time.Second) // in the bubble
		for _, l := range []park.Limit{later, until, park.For(0), park.For(-1)} {
			if err := l.Err(); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("a time that is over: %v, want %v", err, os.ErrDeadlineExceeded)
			}
		}
		if err := context.Err(); !errors.Is(err, cause) {
			t.Errorf("a context that has ended: %v, want %v", err, cause)
		}
	})
}

// TestWaitLimit waits several times with one limit, as a lock does. The limit does not move.
func TestWaitLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var word atomic.Uint32
		begin, limit := time.Now(), park.For(10*time.Second)
		go func() {
			for range 3 {
				time.Sleep(time.Second)
				park.Wake(&word)
			}
		}()
		wakes := 0
		err := park.WaitLimit(&word, 0, park.Condition, limit)
		for ; err == nil; wakes++ {
			err = park.WaitLimit(&word, 0, park.Condition, limit)
		}
		if took := time.Since(begin); wakes != 3 || took != 10*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d wakes and %v after %v, want 3 and %v after 10s", wakes, err, took, os.ErrDeadlineExceeded)
		}
		if err := park.WaitLimit(&word, 1, park.Condition, limit); err != nil {
			t.Errorf("the word differs, and the limit is over: %v", err)
		}
	})
}

// TestSleepForALock wakes a goroutine of a bubble from outside. Only a wait of kind Exclusion allows
// that, and not with the build tag osync_synctest: see TestAcrossBubbles.
func TestSleepForALock(t *testing.T) {
	if bubble.Closed {
		t.Skip("with osync_synctest every wait in a bubble is durable")
	}
	var word atomic.Uint32
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if w := pop(&word); w != nil {
				w.Wake(7)
				return
			}
			time.Sleep(time.Microsecond)
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		defer w.Free()
		if token, err := w.Sleep(&word, park.Always{}, nil); token != 7 || err != nil {
			t.Errorf("Sleep = %d, %v, want the waker's 7", token, err)
		}
	})
	<-done
}

// TestEnded asks contexts whether they have ended, and limits that are made of them.
func TestEnded(t *testing.T) {
	why := errors.New("no longer wanted")
	live, cancel := context.WithCancel(t.Context())
	defer cancel()
	timed, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	ended, cancelCause := context.WithCancelCause(t.Context())
	cancelCause(why)
	over, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	odd := closing{live, make(chan struct{})}
	close(odd.done)
	type key struct{}
	for name, c := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"background":          {context.Background(), nil},
		"live":                {live, nil},
		"with a deadline":     {timed, nil},
		"with a value":        {context.WithValue(live, key{}, 0), nil},
		"ended":               {ended, why},
		"ended, with a value": {context.WithValue(ended, key{}, 0), why},
		"over":                {over, context.DeadlineExceeded},
		"without an error":    {odd, context.Canceled},
		"the same, deeper":    {context.WithValue(odd, key{}, 0), context.Canceled},
	} {
		if err := park.Ended(c.ctx); err != c.want {
			t.Errorf("%s: Ended = %v, want %v", name, err, c.want)
		}
		if err := park.Context(c.ctx).Err(); err != c.want {
			t.Errorf("%s: Limit.Err = %v, want %v", name, err, c.want)
		}
	}
}

// TestZeroLimit asks limits that never end.
func TestZeroLimit(t *testing.T) {
	for name, l := range map[string]park.Limit{
		"none": {}, "no time": park.Until(time.Time{}), "elsewhere": park.Until(time.Time{}.In(time.FixedZone("there", 3600))),
		"background": park.Context(context.Background()),
	} {
		if !l.IsZero() {
			t.Errorf("%s: is a limit", name)
		}
	}
	for name, l := range map[string]park.Limit{"time": park.For(0), "context": park.Context(t.Context())} {
		if l.IsZero() {
			t.Errorf("%s: is no limit", name)
		}
	}
}

// TestEndedAllocations asks contexts of package context whether they have ended, each of them once. That allocates
// nothing, where the first call of Done makes a channel.
func TestEndedAllocations(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("coverage counts allocations of its own")
	}
	const runs = 50
	for name, make := range map[string]func() (context.Context, context.CancelFunc){
		"cancel": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
		"deadline": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Hour)
		},
	} {
		var ctxs []context.Context
		for range runs + 1 { // one is for a first run
			ctx, cancel := make()
			defer cancel()
			ctxs = append(ctxs, ctx)
		}
		i := 0
		if n := allocs.PerRun(t, runs, func() { park.Ended(ctxs[i]); i++ }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
