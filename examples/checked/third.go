// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package checked

// A Third is a Second whose Unlock does not wait.
type Third struct{ Second }

// NewThird returns an unlocked Third.
func NewThird() *Third { return &Third{*NewSecond()} }

// Unlock unlocks m, and wakes a waiter if there is one.
func (m *Third) Unlock() {
	m.held.Store(false)
	if m.waiters.Load() > 0 {
		select {
		case m.wake <- struct{}{}:
		default: // one wake-up is on its way, and wakes one that looks for itself
		}
	}
}
