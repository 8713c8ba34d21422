// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package gate has a test that misses something.
package gate

import "sync/atomic"

// A Gate can be opened once.
type Gate struct{ open atomic.Uint32 }

// Open opens g, and reports whether it was closed.
func (g *Gate) Open() bool {
	return g.open.CompareAndSwap(0, 1)
}

// IsOpen reports whether g is open.
func (g *Gate) IsOpen() bool {
	if g.open.Load() > 0 {
		return true
	}
	return false
}

// Await waits until g is open.
func (g *Gate) Await() {
	for !g.IsOpen() {
	}
}
