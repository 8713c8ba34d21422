// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
	"golang.org/x/sys/unix"
)

// The numbers of calls that golang.org/x/sys/unix lacks, from sys/kern/syscalls.master of NetBSD 10.
const (
	sysFutex              = 166 // __futex
	sysFutexSetRobustList = 167 // __futex_set_robust_list
	sysFutexGetRobustList = 168 // __futex_get_robust_list
	sysLwpPark            = 478 // ___lwp_park60
)

// The pointers become integers inside the call expression, so they are alive until the call returns, and
// the goroutine's stack, to which they may point, does not move during it. For a word on which other threads
// wait after the call see stays.

// stays forces the variable that p points to onto the heap, where its address does not change.
func stays(p unsafe.Pointer) {
	if never {
		kept = p
	}
}

// never is a variable so that the compiler must assume that it can be true.
var (
	never bool
	//lint:ignore U1000 for the compiler, which sees that p may be written here
	kept unsafe.Pointer
)

// hasFutex reports whether the kernel has the calls 166 to 168. It cannot try them, because an older kernel
// sends SIGSYS for a number that it does not know (sys/kern/kern_stub.c, sys_nosys).
var hasFutex = sync.OnceValue(func() bool {
	release, err := unix.Sysctl("kern.osrelease")
	return err == nil && bsd.Major(release) >= 10
})

// futexWait is a __futex call that may sleep. It notifies the Go scheduler, which runs other goroutines on another
// thread if the call lasts. The call has seven arguments, for which package syscall has only this form.
func futexWait(addr *atomic.Uint32, op, val uint32, t *unix.Timespec, val3 uint32) error {
	if !hasFutex() {
		return syscall.ENOSYS
	}
	_, _, errno := syscall.Syscall9(sysFutex, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		uintptr(unsafe.Pointer(t)), 0, 0, uintptr(val3), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// futexNow is a __futex call that does not sleep and does not use its seventh argument, so it need not notify the
// scheduler.
func futexNow(addr *atomic.Uint32, op, val uint32, addr2 *atomic.Uint32, val2 uint32) (int, error) {
	if !hasFutex() {
		return 0, syscall.ENOSYS
	}
	n, _, errno := syscall.RawSyscall6(sysFutex, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		0, uintptr(unsafe.Pointer(addr2)), uintptr(val2))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// futexNow3 is a __futex call that does not sleep, with all its arguments except the time.
func futexNow3(addr *atomic.Uint32, op, val uint32, addr2 *atomic.Uint32, val2, val3 uint32) (int, error) {
	if !hasFutex() {
		return 0, syscall.ENOSYS
	}
	n, _, errno := syscall.Syscall9(sysFutex, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		0, uintptr(unsafe.Pointer(addr2)), uintptr(val2), uintptr(val3), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
