// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_nolinkname

package futex

import (
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/linux"
)

const handsOn = false

// sleepHandingOn leaves it to the scheduler's monitor to take the P.
func sleepHandingOn(addr *atomic.Uint32, old uint32, limit *linux.Timespec, flags uint32) syscall.Errno {
	if err := linux.FutexWaitBitset(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, flags); err != nil {
		return err.(syscall.Errno)
	}
	return 0
}
