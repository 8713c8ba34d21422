// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package osthread

import "time"

// A Bell is needed only on Windows.
type Bell struct{}

// NewBell returns nil: a SleepFor that exists cannot be ended.
func NewBell() *Bell { return nil }

// Ring does nothing.
func (*Bell) Ring() {}

// Close does nothing.
func (*Bell) Close() {}

// Now returns the time.
func Now() time.Time { return time.Now() }
