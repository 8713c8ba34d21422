// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"
	"unsafe"
)

// word returns what is in the os_unfair_lock: 0 if it is free, else the port of the thread that holds
// it, with the lowest bit cleared once a thread waits. A test may read it, but not write.
func (m *rawMutex) word() uint32 { return (*atomic.Uint32)(unsafe.Pointer(&m.lk)).Load() }

func (m *rawMutex) contended() bool {
	word := m.word()
	return word != 0 && word&1 == 0 || m.timed.count.Load() != 0
}

func (m *rawMutex) idle() bool { return m.word() == 0 && m.timed.count.Load() == 0 }

// Limited returns how many threads wait for m with a limit.
func (m *Mutex) Limited() int { return int(m.raw.timed.count.Load()) }
