// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/bubble"
)

// CrossBubbles lets goroutines wait inside a bubble for critical sections outside, where the time must stand still,
// and the other way round. It does so once more while the mutex profile is taken. With the build tag osync_synctest
// nothing in a bubble can wait for what is outside.
func CrossBubbles(t *testing.T, newWaits func() []Wait) {
	t.Run("plain", func(t *testing.T) { crossBubbles(t, newWaits) })
	t.Run("profiled", func(t *testing.T) {
		defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
		crossBubbles(t, newWaits)
	})
}

func crossBubbles(t *testing.T, newWaits func() []Wait) {
	settle := func(w Wait) {
		for w.Waiting() != 1 {
			runtime.Gosched()
		}
		w.Settle()
	}
	for i, w := range newWaits() {
		if w.Condition {
			w.Settle()
			continue
		}
		t.Run(w.Name+"/held outside", func(t *testing.T) {
			if bubble.Closed {
				w.Settle()
				t.Skip("with osync_synctest the wait is durable")
			}
			settled := Goroutines.Go(func() { settle(w) })
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				go time.Sleep(time.Hour)
				w.Wait(context.Background())
				if passed := time.Since(begin); passed != 0 {
					t.Errorf("%v have passed in the bubble: a goroutine that waits for a lock is durably blocked", passed)
				}
				time.Sleep(time.Hour) // until the other one has ended, too
			})
			settled()
		})
		t.Run(w.Name+"/held inside", func(t *testing.T) {
			begin := make(chan Wait)
			through := Goroutines.Go(func() { (<-begin).Wait(context.Background()) })
			synctest.Test(t, func(*testing.T) {
				for j, w := range newWaits() {
					if j == i {
						begin <- w
						settle(w)
					} else {
						w.Settle()
					}
				}
			})
			through()
		})
	}
}

// LimitsOutsideBubbles ends, from inside a bubble, waits outside that a context could end.
func LimitsOutsideBubbles(t *testing.T, waits []Wait) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, w := range waits {
		t.Run(w.Name, func(t *testing.T) {
			result := make(chan error, 1)
			go func() { result <- w.Wait(ctx) }()
			Eventually(t, "it waits", func() bool { return w.Waiting() == 1 })
			synctest.Test(t, func(*testing.T) { w.Settle() })
			if err := <-result; err != nil {
				t.Errorf("the wait ended with %v", err)
			}
		})
	}
}

// Durable lets waits end by the time of a bubble, which passes only if they are durably blocked: by a time limit and by
// a context, and those for a condition also by another goroutine; with the build tag osync_synctest those for a
// critical section, too.
func Durable(t *testing.T, newWaits func() []Wait) {
	for i, outside := range newWaits() {
		t.Run(outside.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				if !outside.Endless {
					ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
					ok, err := outside.WaitFor(time.Hour), outside.Wait(ctx)
					cancel()
					if ok || !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != 3*time.Hour {
						t.Errorf("%v and %v after %v, want false and %v after 3h", ok, err, time.Since(begin), context.DeadlineExceeded)
					}
				}
				for j, w := range newWaits() {
					if j != i || !w.Condition && !bubble.Closed {
						w.Settle()
						continue
					}
					var all sync.WaitGroup
					for range 3 { // for Broadcast to requeue some of them
						all.Go(func() { w.Wait(context.Background()) })
					}
					begin := time.Now()
					go func() { time.Sleep(time.Minute); w.Settle() }()
					if all.Wait(); time.Since(begin) != time.Minute {
						t.Errorf("the wait took %v of the bubble's time, want 1m", time.Since(begin))
					}
				}
			})
		})
		outside.Settle()
	}
}

// A LateWait is a wait, and the two halves of what ends it.
type LateWait struct {
	WaitFor     func(time.Duration) bool
	WaitContext func(context.Context) error
	Happen      func()
	Wake        func()
}

// LastLook ends a wait by its limit after the event for which it waits, and before the wake-up: the goroutine
// that makes the event is stopped between the two. The wait must succeed.
func LastLook(t *testing.T, newWait func() LateWait) {
	// check waits, lets the event happen, and then the limit come.
	check := func(t *testing.T, w LateWait, wait func() error, limit func()) {
		t.Helper()
		result := make(chan error)
		go func() { result <- wait() }()
		synctest.Wait() // it sleeps: a limited wait is durably blocked
		w.Happen()
		limit()
		if err := <-result; err != nil {
			t.Errorf("it has happened, and the wait ended with: %v", err)
		}
		w.Wake()
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWait()
		check(t, w, func() error {
			if !w.WaitFor(time.Hour) {
				return errors.New("reported false")
			}
			return nil
		}, func() {})
		w = newWait()
		ctx, cancel := context.WithCancel(t.Context())
		check(t, w, func() error { return w.WaitContext(ctx) }, cancel)
	})
}
