// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package checked

// A Second is a First whose waiters look again before they sleep.
type Second struct{ First }

// NewSecond returns an unlocked Second.
func NewSecond() *Second { return &Second{*NewFirst()} }

// Lock locks m. It waits until it can.
func (m *Second) Lock() {
	for m.held.Swap(true) {
		m.waiters.Add(1)
		if m.held.Load() { // it may have been unlocked meanwhile
			<-m.wake
		}
		m.waiters.Add(-1)
	}
}
