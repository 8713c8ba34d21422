// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname

package futex

import (
	"sync/atomic"
	"syscall"
	_ "unsafe" // for go:linkname

	"github.com/osync-go/osync/sys/linux"
)

const handsOn = true

// The runtime's own way into a system call that is known to block: it gives the P to
// another thread before the call instead of leaving it to the monitor. Measured at
// GOMAXPROCS=1, where a runnable peer waits for that P: 13 µs a hand-over instead of
// 250 µs. Both names are on the runtime's list of those that others link to, so that
// they stay. The build tag osync_nolinkname does without.
//
//go:linkname entersyscallblock runtime.entersyscallblock
func entersyscallblock()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()

// sleepHandingOn sleeps after its P was handed on. Between the two calls the goroutine
// has no P: it must not grow its stack, allocate, or be watched by the race detector,
// and both calls must come from this frame.
//
//go:nosplit
//go:norace
func sleepHandingOn(addr *atomic.Uint32, old uint32, limit *linux.Timespec, flags uint32) syscall.Errno {
	entersyscallblock()
	errno := linux.RawFutexWaitBitset(addr, old, limit, linux.FUTEX_BITSET_MATCH_ANY, flags)
	exitsyscall()
	return errno
}
