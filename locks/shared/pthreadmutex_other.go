// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package shared

import (
	"context"
	"time"
	"unsafe"
)

// A PthreadMutex is a mutual exclusion lock that goroutines share with C programs that use the GNU C library on Linux. This
// system has none: the methods return [ErrUnsupported], and Unlock panics.
type PthreadMutex struct {
	_ [0]uint64
	_ [24 + 16*(unsafe.Sizeof(uintptr(0))/8) + pthreadExtra]byte
}

// Init returns [ErrUnsupported].
func (m *PthreadMutex) Init() error { return ErrUnsupported }

// Lock returns [ErrUnsupported].
func (m *PthreadMutex) Lock() error { return ErrUnsupported }

// TryLock returns [ErrUnsupported].
func (m *PthreadMutex) TryLock() (bool, error) { return false, ErrUnsupported }

// TryLockFor returns [ErrUnsupported].
func (m *PthreadMutex) TryLockFor(d time.Duration) (bool, error) { return false, ErrUnsupported }

// LockContext returns [ErrUnsupported].
func (m *PthreadMutex) LockContext(ctx context.Context) error { return ErrUnsupported }

// Unlock panics.
func (m *PthreadMutex) Unlock() {
	panic("shared: unlock of a mutex that this process does not hold")
}

// Consistent does nothing.
func (m *PthreadMutex) Consistent() {}

// Owner returns [ErrUnsupported].
func (m *PthreadMutex) Owner() (o Owner, held bool, err error) { return Owner{}, false, ErrUnsupported }
