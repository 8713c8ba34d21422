// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package checked has the mutex of docs/checking-a-lock.md: with two bugs, with one, and mended.
package checked

import "sync/atomic"

// A First is a mutex: a flag, and a channel on which goroutines wait for it.
type First struct {
	held    atomic.Bool
	waiters atomic.Int32 // goroutines that wait for wake
	wake    chan struct{}
}

// NewFirst returns an unlocked First.
func NewFirst() *First { return &First{wake: make(chan struct{}, 1)} }

// Lock locks m. It waits until it can.
func (m *First) Lock() {
	for m.held.Swap(true) { // another goroutine holds it
		m.waiters.Add(1)
		<-m.wake
		m.waiters.Add(-1)
	}
}

// Unlock unlocks m, and wakes a waiter if there is one.
func (m *First) Unlock() {
	m.held.Store(false)
	if m.waiters.Load() > 0 {
		m.wake <- struct{}{}
	}
}
