// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package native is a stub of the package of that name, with what the tests call.
package native

import "time"

type Mutex struct{}

func (m *Mutex) Lock()         {}
func (m *Mutex) TryLock() bool { return true }
func (m *Mutex) Unlock()       {}

type RWMutex struct{}

func (rw *RWMutex) RLock()   {}
func (rw *RWMutex) RUnlock() {}

type PIMutex struct{}

func (m *PIMutex) Lock() error { return nil }
func (m *PIMutex) Unlock()     {}

type Cond struct{ L *Mutex }

func (c *Cond) Wait()                        {}
func (c *Cond) WaitFor(d time.Duration) bool { return true }
