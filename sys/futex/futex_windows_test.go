// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/sys/futex"
)

// TestSelfTest checks that both ways work, as they have since Windows 8.
func TestSelfTest(t *testing.T) {
	for _, name := range futex.Ways() {
		if !futex.Works(name) {
			t.Errorf("the self-test of %s fails", name)
		}
	}
}

// TestSharedWordsAreUnsupported checks what a Shared word returns.
func TestSharedWordsAreUnsupported(t *testing.T) {
	if futex.Supported(futex.Shared) {
		t.Error("Supported(Shared) = true, but Windows wakes the waiters of one process only")
	}
	if err := futex.Wait(new(atomic.Uint32), 1, futex.Shared); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Wait = %v, want ErrUnsupported", err)
	}
}
