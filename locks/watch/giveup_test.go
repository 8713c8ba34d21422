// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/goid"
)

// GiveUpAfter calls wait, which must wait until its context ends, and ends that when the wait has lasted for d. A wait with a
// limit of d may be shorter: it begins after the limit was made.
func GiveUpAfter(t *testing.T, d time.Duration, wait func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	number, ended := make(chan uint64, 1), make(chan error, 1)
	go func() {
		_, n := goid.Self()
		number <- n
		ended <- wait(ctx)
	}()
	n := <-number
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Microsecond) {
		lasts := false
		for _, w := range Waits() {
			lasts = lasts || w.Goroutine == n && time.Since(w.Since) > d
		}
		if lasts {
			break
		}
		if time.Now().After(end) {
			t.Fatal("no goroutine waits")
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatal("the wait that was to give up:", err)
	}
}
