// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !osync_nolinkname && !go1.28

package handon

import (
	"sync/atomic"
	"syscall"
	"unsafe" // also for go:linkname
)

// Works reports whether [Futex] hands off the processor in this build.
const Works = true

// This is the runtime's own way into a system call that is known to block: it hands off the P to
// another thread before the call instead of leaving that to the monitor. Measured at GOMAXPROCS=1,
// where a runnable peer waits for that P: 13 µs a hand-over instead of 250 µs. Both names are on
// the runtime's list of names that other packages link to, so they will not be removed; but the
// rules between the two calls can change. So this package links them only with the releases of Go
// that it was tested with. Newer releases do not use them, nor does the build tag osync_nolinkname,
// until the ceiling in the build constraint is raised: see internal/checks.
//
//go:linkname entersyscallblock runtime.entersyscallblock
func entersyscallblock()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()

// Futex hands off the P, makes the futex call with the number trap, and returns its error number.
//
// Without a P the goroutine must not grow its stack, allocate, or run anything that a build flag
// adds: the counters of -cover call the race detector under -race, and that needs a P. So only the
// trap is between the two links, in the form that package syscall uses between its own. The three
// are one basic block, whose counter comes first. A function of this module must not be called
// there, since it has its own counters. Both links must be called from this frame.
//
//go:nosplit
//go:noinline
//go:norace
func Futex(trap uintptr, addr *atomic.Uint32, op, val uint32, t unsafe.Pointer, val3 uint32) uintptr {
	entersyscallblock()
	_, _, errno := syscall.RawSyscall6(trap, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val), uintptr(t), 0, uintptr(val3))
	exitsyscall()
	return uintptr(errno)
}
