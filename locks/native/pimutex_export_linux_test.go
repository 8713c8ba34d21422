// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// PIMutexSize is part of the contract of PIMutex.
const PIMutexSize = unsafe.Sizeof(PIMutex{})

// Waited reports whether the kernel has noted that somebody waits for m, or did.
func (m *PIMutex) Waited() bool { return m.raw.word.Load()&linux.FUTEX_WAITERS != 0 }

// Idle reports whether nothing is left of those who used m.
func (m *PIMutex) Idle() bool { return m.raw.word.Load() == 0 }

// WaitByWall is what TryLockFor calls before Linux 5.14.
func (m *PIMutex) WaitByWall(d time.Duration) error {
	return m.raw.waitByWall(after(unix.CLOCK_MONOTONIC, int64(d)), linux.FutexLockPIHandingOn)
}
