// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGiveUpErrorText(t *testing.T) {
	type gate struct{}
	for _, tt := range []struct {
		err     GiveUpError
		want    string
		timeout bool
	}{
		{GiveUpError{Waited: 1234567 * time.Nanosecond, Err: os.ErrDeadlineExceeded}, "waited 1.23ms: i/o timeout", true},
		{
			GiveUpError{Lock: new(gate), Purpose: "3 units", Waited: 90*time.Second + 123*time.Millisecond, Err: context.DeadlineExceeded},
			"waited 1m30.12s for *park.gate (3 units): context deadline exceeded", true,
		},
		{GiveUpError{Waited: 999 * time.Nanosecond, Err: context.Canceled}, "waited 1µs: context canceled", false},
		{GiveUpError{Waited: 26*time.Hour + 3*time.Millisecond, Err: io.EOF}, "waited 26h0m0s: EOF", false},
		{GiveUpError{Purpose: "the first of 2", Err: io.EOF}, "waited 0s for the first of 2: EOF", false},
		{GiveUpError{Err: io.EOF}, "waited 0s: EOF", false},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("Error() = %q, want %q", got, tt.want)
		}
		if got := tt.err.Timeout(); got != tt.timeout {
			t.Errorf("%v: Timeout() = %v", &tt.err, got)
		}
		if !errors.Is(&tt.err, tt.err.Err) {
			t.Errorf("%v does not wrap its reason", &tt.err)
		}
	}
}

// TestGiveUpError ends waits on a word by a limit. The error says how long they were.
func TestGiveUpError(t *testing.T) {
	var word atomic.Uint32
	for _, kind := range []Kind{Exclusion, Condition} {
		synctest.Test(t, func(t *testing.T) { // whose time is exact
			const d = time.Hour
			var gaveUp *GiveUpError
			err := WaitLimit(&word, 0, kind, For(d))
			if !errors.As(err, &gaveUp) || !errors.Is(err, os.ErrDeadlineExceeded) || !os.IsTimeout(err) {
				t.Fatalf("WaitLimit = %v, want a GiveUpError for %v", err, os.ErrDeadlineExceeded)
			}
			if gaveUp.Lock != nil || gaveUp.Waited != d {
				t.Errorf("kind %d: %+v, want a wait of %v", kind, gaveUp, d)
			}
		})
	}
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	if err := WaitContext(ended, &word, 0); err != io.EOF {
		t.Errorf("WaitContext with a context that is done = %v, want its cause as it is", err)
	}
	if err := WaitLimit(&word, 0, Condition, Context(ended)); !errors.Is(err, io.EOF) || !strings.HasSuffix(err.Error(), ": EOF") {
		t.Errorf("WaitLimit = %v, want the cause", err)
	}
}
