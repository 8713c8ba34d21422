// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package shared

import (
	"context"
	"sync/atomic"
	"time"
)

// A PIMutex is a mutual exclusion lock between processes with priority inheritance, on Linux. This system has none: the methods
// return [ErrUnsupported], and Unlock panics.
type PIMutex struct {
	_ [0]atomic.Uint64
	_ [16]byte
}

// Lock returns [ErrUnsupported].
func (m *PIMutex) Lock() error { return ErrUnsupported }

// TryLock returns [ErrUnsupported].
func (m *PIMutex) TryLock() (bool, error) { return false, ErrUnsupported }

// TryLockFor returns [ErrUnsupported].
func (m *PIMutex) TryLockFor(d time.Duration) (bool, error) { return false, ErrUnsupported }

// LockContext returns [ErrUnsupported].
func (m *PIMutex) LockContext(ctx context.Context) error { return ErrUnsupported }

// Unlock panics.
func (m *PIMutex) Unlock() {
	panic("shared: unlock of a mutex that this goroutine does not hold")
}

// Consistent does nothing.
func (m *PIMutex) Consistent() {}

// Owner returns [ErrUnsupported].
func (m *PIMutex) Owner() (o Owner, held bool, err error) { return Owner{}, false, ErrUnsupported }
