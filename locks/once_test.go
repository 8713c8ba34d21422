// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(locks.Once) }, options()...)
}

// TestOnceFuncPanics checks that each call panics as the first one did.
func TestOnceFuncPanics(t *testing.T) {
	f := locks.OnceFunc(func() { panic("snow") })
	for range 2 {
		locktest.Panics(t, "OnceFunc", "snow", f)
	}
}
