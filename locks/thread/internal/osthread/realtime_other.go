// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !dragonfly

package osthread

import "time"

// A Realtime is empty here.
type Realtime struct{}

// Enter has no binding here.
func (*Realtime) Enter(_, _ time.Duration) error {
	return unsupported("real-time class that osync knows of")
}

// Leave does nothing.
func (*Realtime) Leave() error { return nil }
