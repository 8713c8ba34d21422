// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// TestGiveUpError ends each wait by a context. Its error names the lock by its type, says what the wait was for
// and how long it took, and wraps the cause.
func TestGiveUpError(t *testing.T) {
	cause := errors.New("enough")
	for _, w := range limitable() {
		if w.Endless {
			continue
		}
		t.Run(w.Name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			begin := time.Now()
			result := make(chan error, 1)
			go func() { result <- w.Wait(ctx) }()
			locktest.Eventually(t, "it waits", func() bool { return w.Waiting() == 1 })
			cancel(cause) // not before it waits: then the cause itself is returned
			err := <-result
			took := time.Since(begin)
			var gaveUp *park.GiveUpError
			if !errors.As(err, &gaveUp) || !errors.Is(err, cause) {
				t.Fatalf("the wait returned %v, want a GiveUpError for %v", err, cause)
			}
			if of, isAny := strings.CutPrefix(w.Name, "WaitAny of "); isAny {
				if gaveUp.Lock != nil || !strings.HasPrefix(gaveUp.Purpose, "the first of ") {
					t.Errorf("%s: %+v", of, gaveUp)
				}
				return
			}
			name, _, _ := strings.Cut(w.Name, " ")
			name, _, _ = strings.Cut(name, ".")
			got, isOurs := strings.CutPrefix(fmt.Sprintf("%T", gaveUp.Lock), "*locks.")
			got, _, _ = strings.Cut(got, "[")
			if !isOurs || !strings.HasSuffix(name, got) { // a BiasedRWMutex waits for its RWMutex
				t.Errorf("the lock is a %T, want a %s", gaveUp.Lock, name)
			}
			if gaveUp.Purpose == "" || gaveUp.Waited < 0 || gaveUp.Waited > took {
				t.Errorf("%+v after %v", gaveUp, took)
			}
		})
	}
}
