// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// An Exclusion is a lock that one goroutine holds while another waits for it.
type Exclusion struct {
	name                       string
	hold, release, wait, leave func()
	waiting                    func() int
}

// Held is the Exclusion of a lock that is held between hold and release, and by its waiter between wait and leave.
func Held(name string, hold, release, wait, leave func(), waiting func() int) Exclusion {
	return Exclusion{name, hold, release, wait, leave, waiting}
}

// Inside is the Exclusion of a call that runs f with a lock held: the holder stays inside of f.
func Inside(name string, call func(f func()), wait func(), waiting func() int) Exclusion {
	in, out, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
	hold := func() {
		go func() { call(func() { close(in); <-out }); close(left) }()
		<-in
	}
	release := func() {
		close(out)
		<-left
	}
	return Held(name, hold, release, wait, func() {}, waiting)
}

// CrossBubbles holds each lock outside a bubble while a goroutine waits inside, where the time must stand
// still, and the other way round. It does so once more while the mutex profile is taken, since waiters outside
// a bubble sleep in another way then.
func CrossBubbles(t *testing.T, newExclusions func() []Exclusion) {
	t.Run("plain", func(t *testing.T) { crossBubbles(t, newExclusions) })
	t.Run("profiled", func(t *testing.T) {
		defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
		crossBubbles(t, newExclusions)
	})
}

func crossBubbles(t *testing.T, newExclusions func() []Exclusion) {
	for _, e := range newExclusions() {
		t.Run(e.name+"/held outside", func(t *testing.T) {
			e.hold()
			released := make(chan struct{})
			go func() {
				defer close(released)
				for e.waiting() != 1 {
					runtime.Gosched()
				}
				e.release()
			}()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				go time.Sleep(time.Hour)
				e.wait()
				if passed := time.Since(begin); passed != 0 {
					t.Errorf("%v have passed in the bubble: a goroutine that waits for a lock is durably blocked", passed)
				}
				e.leave()
				time.Sleep(time.Hour) // until the other one has ended, too
			})
			<-released
		})
	}
	for _, e := range newExclusions() {
		t.Run(e.name+"/held inside", func(t *testing.T) {
			begin, through := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(through)
				<-begin
				e.wait()
				e.leave()
			}()
			// The channels of an Exclusion are of no bubble.
			synctest.Test(t, func(*testing.T) {
				e.hold()
				close(begin)
				for e.waiting() != 1 {
					runtime.Gosched()
				}
				e.release()
			})
			<-through
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

// LimitsAreDurable lets waits end by the time of the bubble that it is called in: by a time limit, and then by
// a context.
func LimitsAreDurable(t *testing.T, waits map[string]func(ctx context.Context, d time.Duration) (bool, error)) {
	for name, wait := range waits {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		ok, err := wait(ctx, time.Hour)
		cancel()
		if ok || err != context.DeadlineExceeded || time.Since(begin) != 3*time.Hour {
			t.Errorf("%s: %v and %v after %v, want false and %v after 3h", name, ok, err, time.Since(begin), context.DeadlineExceeded)
		}
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
