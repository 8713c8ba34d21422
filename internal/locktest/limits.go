// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// A Limit ends a wait at a time, or by a context. It stands for a park.Limit, which locktest does not know, as
// it serves the tests of package park.
type Limit struct {
	Deadline time.Time       // if it is not zero
	Context  context.Context // if it is not nil
}

// Limited returns w, the wait for a lock, with the Limit form of lock, and what undoes it.
func (w Wait) Limited(lock func(Limit) error, unlock func()) Wait {
	w.WaitLimit = func(limit Limit) error {
		err := lock(limit)
		if err == nil {
			unlock()
		}
		return err
	}
	return w
}

// Limits checks the Limit form of each wait: a deadline ends it at its time and does not move, a context ends it with
// its cause, limits that are over already end it at once unless there is nothing to wait for, and the zero Limit
// never does. A wait that gives up has left its queue.
func Limits(t *testing.T, threads Start, newWaits func() []Wait) {
	for i, outside := range newWaits() {
		outside.Settle()
		if outside.Endless {
			continue
		}
		if outside.WaitLimit == nil {
			t.Errorf("%s has no Limit form", outside.Name)
			continue
		}
		t.Run(outside.Name+"/deadlines", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for j, w := range newWaits() {
					if i == j {
						deadlines(t, w)
					}
					w.Settle()
				}
			})
		})
		for _, how := range []Start{Goroutines, threads} {
			t.Run(outside.Name+"/"+how.Name, func(t *testing.T) {
				for j, w := range newWaits() {
					if i == j {
						limits(t, how, w)
					} else {
						w.Settle()
					}
				}
			})
		}
	}
}

// deadlines waits in a bubble, whose time is exact.
func deadlines(t *testing.T, w Wait) {
	t.Helper()
	begin := time.Now()
	for _, after := range []time.Duration{-time.Hour, 0, time.Second, time.Second, time.Minute} { // the second of a second is over
		err := w.WaitLimit(Limit{Deadline: begin.Add(after)})
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a limit %v after the beginning: the wait returned %v, want %v", after, err, os.ErrDeadlineExceeded)
		}
		if passed := time.Since(begin); passed != max(after, 0) {
			t.Errorf("a limit %v after the beginning has ended the wait after %v", after, passed)
		}
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Hour, errCause)
	defer cancel()
	if err := w.WaitLimit(Limit{Context: ctx}); !errors.Is(err, errCause) || time.Since(begin) != time.Hour+time.Minute {
		t.Errorf("after %v the wait returned %v, want the context's cause after 1h1m", time.Since(begin), err)
	}
	if n := w.Waiting(); n != 0 {
		t.Errorf("%d are in the queue after waits that gave up, want none", n)
	}
}

// limits waits with limits that are over, that end the wait, and that never do.
func limits(t *testing.T, how Start, w Wait) {
	t.Helper()
	over := map[string]struct {
		limit Limit
		want  error
	}{
		"a time long ago":        {Limit{Deadline: time.Unix(1, 0)}, os.ErrDeadlineExceeded},
		"a context that is done": {Limit{Context: cancelled()}, errCause},
		"a time that is near":    {Limit{Deadline: time.Now().Add(1)}, os.ErrDeadlineExceeded},
	}
	for name, o := range over {
		how.Go(func() {
			if err := w.WaitLimit(o.limit); !errors.Is(err, o.want) {
				t.Errorf("%s: the wait returned %v, want %v", name, err, o.want)
			}
		})()
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	ended := how.Go(func() {
		if err := w.WaitLimit(Limit{Context: ctx}); !errors.Is(err, errCause) {
			t.Errorf("a context that ends: the wait returned %v, want its cause", err)
		}
	})
	Eventually(t, "it waits", func() bool { return w.Waiting() == 1 })
	cancel(errCause)
	ended()
	if n := w.Waiting(); n != 0 {
		t.Fatalf("%d are in the queue after waits that gave up, want none", n)
	}

	endless := map[string]Limit{"none": {}, "a context that never ends": {Context: context.Background()}}
	var through []func()
	for name, limit := range endless {
		through = append(through, how.Go(func() {
			if err := w.WaitLimit(limit); err != nil {
				t.Errorf("%s: the wait returned %v, want nil", name, err)
			}
		}))
	}
	Eventually(t, "they wait", func() bool { return w.Waiting() == len(endless) })
	w.Settle()
	for _, wait := range through {
		wait()
	}
	if w.Transient {
		return
	}
	// With nothing to wait for, a limit that is over does no harm.
	for name, o := range over {
		how.Go(func() {
			if err := w.WaitLimit(o.limit); err != nil {
				t.Errorf("%s, with nothing to wait for: the wait returned %v, want nil", name, err)
			}
		})()
	}
}
