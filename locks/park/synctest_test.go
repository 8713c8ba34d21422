// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// TestBubbleTime shows that a goroutine that waits in a bubble is durably blocked: the bubble's time
// advances, and is exact.
func TestBubbleTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var word atomic.Uint32
		begin := time.Now()
		if park.WaitFor(&word, 0, time.Hour) {
			t.Error("WaitFor = true, want a time-out")
		}
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("WaitFor took %v of the bubble's time, want 1h", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := park.WaitContext(ctx, &word, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitContext = %v", err)
		}
		go func() {
			time.Sleep(time.Second)
			word.Store(1)
			park.Wake(&word)
		}()
		begin = time.Now()
		for word.Load() == 0 {
			park.Wait(&word, 0)
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("Wait took %v of the bubble's time, want 1s", took)
		}
		go func() {
			time.Sleep(time.Second)
			word.Store(2)
			park.Wake(&word)
		}()
		begin = time.Now()
		for word.Load() == 1 {
			park.WaitContext(context.Background(), &word, 1)
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("WaitContext took %v of the bubble's time, want 1s", took)
		}
	})
}

// TestWaitersAreNotOfABubble uses pooled waiters of one bubble in another bubble, and outside.
func TestWaitersAreNotOfABubble(t *testing.T) {
	use := func() {
		var word atomic.Uint32
		done := make(chan struct{})
		go func() { defer close(done); park.Wait(&word, 0) }()
		for !park.Wake(&word) {
			time.Sleep(time.Microsecond)
		}
		<-done
		park.WaitFor(&word, 0, time.Microsecond)
	}
	for range 20 {
		synctest.Test(t, func(*testing.T) { use() })
		use()
	}
}

// TestLastLook changes the word, and lets the limit of a wait come before the wake. The wait must
// report success.
func TestLastLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var word atomic.Uint32
		ctx, cancel := context.WithCancel(t.Context())
		for name, wait := range map[string]func() bool{
			"WaitFor":     func() bool { return park.WaitFor(&word, 0, time.Hour) },
			"WaitContext": func() bool { return park.WaitContext(ctx, &word, 0) == nil },
		} {
			word.Store(0)
			result := make(chan bool)
			go func() { result <- wait() }()
			synctest.Wait()
			word.Store(1)
			cancel()
			if !<-result {
				t.Errorf("%s: the word has changed, but the wait reports its limit", name)
			}
			ctx, cancel = context.WithCancel(t.Context())
		}
		cancel()
	})
}
