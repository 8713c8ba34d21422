// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package pthread is a stub of the package of that name, with what the tests call.
package pthread

type Mutex struct{}

func (m *Mutex) Lock() error    { return nil }
func (m *Mutex) TryLock() error { return nil }
func (m *Mutex) Unlock() error  { return nil }

type RWLock struct{}

func (l *RWLock) RdLock() error { return nil }
func (l *RWLock) Unlock() error { return nil }
