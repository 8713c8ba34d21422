// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package osthread

import "time"

// A Bell is for Windows.
type Bell struct{}

// NewBell returns nil: a SleepFor that exists cannot be ended.
func NewBell() *Bell { return nil }

// Ring has nothing to do.
func (*Bell) Ring() {}

// Close has nothing to do.
func (*Bell) Close() {}

// Now returns the time.
func Now() time.Time { return time.Now() }
