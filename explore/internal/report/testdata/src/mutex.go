// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package src

import (
	"runtime"
	"sync/atomic"
)

const (
	locked  = 1
	waiters = 4
)

type mutex struct{ state atomic.Uint32 }

func (m *mutex) lock() {
	for !m.state.CompareAndSwap(0, locked) {
		m.state.Or(waiters)
		runtime.Gosched()
	}
}

func (m *mutex) unlock() {
	if old := m.state.And(^uint32(locked)); old&locked == 0 {
		panic("unlock of an unlocked mutex")
	}
}
