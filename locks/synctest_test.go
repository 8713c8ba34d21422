// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/bubble"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestCriticalSectionsCrossBubbles(t *testing.T) { locktest.CrossBubbles(t, limitable) }
func TestLimitsOutsideBubbles(t *testing.T)         { locktest.LimitsOutsideBubbles(t, limitable()) }

func TestDurable(t *testing.T) {
	locktest.Durable(t, func() []locktest.Wait {
		b := locks.NewBarrier(4)
		return append(limitable(), locktest.Wait{
			Name: "Barrier", Waiting: b.Waiting, Condition: true,
			WaitFor: func(d time.Duration) bool {
				_, err := b.WaitFor(d)
				b.Reset()
				return err == nil
			},
			Wait: func(ctx context.Context) error {
				_, err := b.WaitContext(ctx)
				if err != nil {
					b.Reset()
				}
				return err
			},
			Settle: func() {
				if b.Waiting() == 3 { // and not for those that do not come
					b.Wait()
				}
			},
		})
	})
}

// TestLockHeldAcrossSleep is the recipe of docs/testing.md, for a lock that is held while the time of a
// bubble must pass.
func TestLockHeldAcrossSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var m locks.Mutex
		go func() {
			m.Lock()
			defer m.Unlock()
			time.Sleep(time.Hour)
		}()
		synctest.Wait()
		if err := m.LockContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.Unlock()
		s := locks.NewSemaphore(1)
		for range 2 {
			go func() {
				s.Acquire(1)
				defer s.Release(1)
				time.Sleep(time.Hour)
			}()
		}
		synctest.Wait()
		s.Acquire(1)
		if passed := time.Since(begin); passed != 3*time.Hour {
			t.Errorf("%v have passed in the bubble, want three hours", passed)
		}
	})
}

// TestDurableWaitEndedFromOutside does what the comment of Mutex.TryLockFor warns against. With the build
// tag osync_synctest, osync reports it before the runtime does.
func TestDurableWaitEndedFromOutside(t *testing.T) {
	if os.Getenv("OSYNC_FROM_OUTSIDE") == "" {
		out, err := locktest.Child(t, "OSYNC_FROM_OUTSIDE=1", "-test.run=^"+t.Name()+"$", "-test.timeout=1m")
		want := "synctest channel from outside bubble"
		if bubble.Closed {
			want = "must stay in that bubble"
		}
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("an Unlock outside the bubble of a durable wait: %v\n%s", err, out)
		}
		return
	}
	var m locks.Mutex
	m.Lock()
	go func() {
		for m.Waiting() != 1 {
			runtime.Gosched()
		}
		m.Unlock()
	}()
	synctest.Test(t, func(t *testing.T) {
		go func() {
			for { // so that the time of the bubble stands still
				runtime.Gosched()
			}
		}()
		m.TryLockFor(time.Hour)
	})
}
