// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"os"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/futex"
)

// TestEndsOfSleep checks what a wait does after each way in which its calls end.
func TestEndsOfSleep(t *testing.T) {
	timedOut, interrupted := os.ErrDeadlineExceeded, syscall.EINTR
	for _, c := range []struct {
		name    string
		ends    []error // of the calls; the last one repeats
		changes bool    // the word changes in the last of them
		limited bool
		want    error
	}{
		{"a wake", []error{nil}, false, true, nil},
		{"a wake after signals", []error{interrupted, interrupted, nil}, false, false, nil},
		{"a signal, and the word changes", []error{interrupted, interrupted}, true, false, nil},
		{"the longest time that a call can take", []error{timedOut}, false, true, timedOut},
		{"the longest time, and a wake", []error{timedOut, timedOut, nil}, false, true, nil},
		{"the end of the time, and the word changes", []error{timedOut}, true, true, nil},
		{"the longest time, and the word changes", []error{timedOut, timedOut}, true, false, nil},
		{"another error", []error{interrupted, syscall.EINVAL}, false, true, syscall.EINVAL},
	} {
		t.Run(c.name, func(t *testing.T) {
			word, calls := new(atomic.Uint32), 0
			begin := time.Now()
			clock := func() futex.Ticks { return 1 + futex.Ticks(time.Since(begin)) }
			var deadline time.Time
			if c.limited {
				deadline = time.Now().Add(5 * time.Millisecond)
				if !slices.Equal(c.ends, []error{timedOut}) {
					deadline = deadline.Add(time.Hour)
				}
			}
			err := futex.SleepUntil(func(addr *atomic.Uint32, old uint32, limit futex.Ticks, scope futex.Scope) error {
				if addr != word || old != 0 || (limit != futex.NoLimit) != c.limited || scope != futex.Shared {
					t.Errorf("a sleep with %p, %d, %d, %d", addr, old, limit, scope)
				}
				if calls++; calls >= len(c.ends) && c.changes {
					word.Store(1)
				}
				return c.ends[min(calls, len(c.ends))-1]
			}, clock, word, 0, deadline, futex.Shared)
			if err != c.want {
				t.Errorf("the wait returned %v, want %v", err, c.want)
			}
			if err == timedOut && time.Now().Before(deadline) {
				t.Error("the wait has ended before its deadline")
			}
			if calls < len(c.ends) {
				t.Errorf("%d calls, want %d", calls, len(c.ends))
			}
		})
	}
}
