// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !osync_nolinkname && !go1.28

package linux

import (
	"sync/atomic"
	"syscall"
	"unsafe" // also for go:linkname
)

// HandsOn reports whether [FutexWaitBitsetHandingOn], [FutexLockPIHandingOn] and
// [FutexLockPI2HandingOn] hand the processor on.
const HandsOn = true

// The runtime's own way into a system call that is known to block: it gives the P to
// another thread before the call instead of leaving it to the monitor. Measured at
// GOMAXPROCS=1, where a runnable peer waits for that P: 13 µs a hand-over instead of
// 250 µs. Both names are on the runtime's list of those that others link to, so that
// they stay; but what must hold between them may change. So the links are made with the releases
// of Go that they were tested with. Newer ones do without, as does the build tag
// osync_nolinkname, until the ceiling in the build constraint is raised: see internal/checks.
//
//go:linkname entersyscallblock runtime.entersyscallblock
func entersyscallblock()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()

// futexHandingOn is [futexWait], but for a call that is known to sleep.
func futexHandingOn(addr *atomic.Uint32, op, val uint32, t *Timespec, val3 uint32) error {
	var short shortTimespec
	trap := futexTrap(t)
	if errno := trapHandingOn(trap, addr, op, val, timeArg(trap, t, &short), val3); errno != 0 {
		return errno
	}
	return nil
}

// trapHandingOn makes a futex call after the P was handed on. Without a P the goroutine must
// not grow its stack, allocate, or run anything that a build flag adds: the counters of -cover
// call the race detector under -race, and that needs a P. So nothing stands between the two
// links but the call of the trap, in the form in which package syscall has it between its own.
// The three are one basic block, whose counter comes first. A function of this module must not
// stand there, since it has counters of its own. Both links must be called from this frame.
//
//go:nosplit
//go:noinline
//go:norace
func trapHandingOn(trap uintptr, addr *atomic.Uint32, op, val uint32, t unsafe.Pointer, val3 uint32) syscall.Errno {
	entersyscallblock()
	_, _, errno := syscall.RawSyscall6(trap, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val), uintptr(t), 0, uintptr(val3))
	exitsyscall()
	return errno
}
