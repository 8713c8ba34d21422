// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package native_test

import (
	"errors"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

// TestPIMutexUnsupported checks that each attempt to lock says what is missing.
func TestPIMutexUnsupported(t *testing.T) {
	var m native.PIMutex
	_, try := m.TryLock()
	_, timed := m.TryLockFor(time.Hour)
	for name, err := range map[string]error{"Lock": m.Lock(), "TryLock": try, "TryLockFor": timed} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s = %v, want an ErrUnsupported", name, err)
		}
	}
}
