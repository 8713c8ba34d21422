// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
)

// PIMutexSize is part of the contract of PIMutex.
const PIMutexSize = unsafe.Sizeof(PIMutex{})

// Rest is rest.
var Rest = rest

// Waited reports whether the kernel has noted that somebody waits for m, or did.
func (m *PIMutex) Waited() bool { return m.raw.word.Load()&linux.FUTEX_WAITERS != 0 }

// MarkWaited makes Waited true, as the kernel does when somebody waits.
func (m *PIMutex) MarkWaited() { m.raw.word.Or(linux.FUTEX_WAITERS) }

// Idle reports whether nothing is left of those who used m.
func (m *PIMutex) Idle() bool { return m.raw.word.Load() == 0 && m.raw.owner.is(0) }

// WaitByWall is what TryLockFor calls before Linux 5.14.
func (m *PIMutex) WaitByWall(d time.Duration) error {
	err := m.raw.waitByWall(int64(d), linux.FutexLockPIHandingOn)
	if err == nil {
		m.raw.owner.set(self())
	}
	return err
}

// HeldByDead makes m what one that held it leaves behind when it ends, if it had the thread id tid. It
// returns what it would be called with by one that has seen that, and goes on only now.
func (m *PIMutex) HeldByDead(tid int) (takeOver func() (bool, error)) {
	number := make(chan uint64)
	go func() { number <- self() }()
	owner := <-number
	m.raw.owner.set(owner)
	m.raw.word.Store(uint32(tid))
	return func() (bool, error) {
		return m.raw.takeOver(owner, uint32(tid), uint32(linux.Gettid()), self())
	}
}
