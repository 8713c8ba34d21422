// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"

	"github.com/osync-go/osync/sys/linux"
)

// Rest is rest.
var Rest = rest

// Waited reports whether the kernel has noted in m that a thread waits or waited.
func (m *PIMutex) Waited() bool { return m.raw.word.Load()&linux.FUTEX_WAITERS != 0 }

// MarkWaited makes Waited true, as the kernel does when a thread waits.
func (m *PIMutex) MarkWaited() { m.raw.word.Or(linux.FUTEX_WAITERS) }

// Idle reports whether m is as it was before its first use.
func (m *PIMutex) Idle() bool { return m.raw.word.Load() == 0 && m.raw.owner.is(0) }

// WaitByWall is what TryLockFor calls before Linux 5.14.
func (m *PIMutex) WaitByWall(d time.Duration) error {
	err := m.raw.waitByWall(int64(d), linux.FutexLockPIHandingOn)
	if err == nil {
		m.raw.owner.set(self())
	}
	return err
}

// HeldByDead makes m look as if its owner, a thread with the id tid, had ended without unlocking it. It
// returns takeOver as a thread calls it that has seen this, and is continued only later.
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

// Claim makes the number of the owner of m claimed, as takeOver does, until the function that it returns is called.
func (m *PIMutex) Claim(number uint64) (unclaim func()) {
	m.raw.owner.id.Store(number | claimed)
	return func() { m.raw.owner.id.Store(number) }
}

// SetOwner makes number the owner of m.
func (m *PIMutex) SetOwner(number uint64) { m.raw.owner.set(number) }
