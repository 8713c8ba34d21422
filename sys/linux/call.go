// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/internal/handon"
)

// The classic futex call in the two forms in which its operations use it. The pointers
// become integers inside the call expression, so they are alive until the call returns,
// and the goroutine's stack, where they may point to, does not move during it.
//
// This is enough where each thread passes its own pointer to the word: a variable that two goroutines reach is on the
// heap. A requeue makes threads wait on a word that perhaps only its caller knows, and afterwards the caller's stack
// can move. For such a word see stays.

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

// futexWait is a futex call that may sleep. Its fourth argument is a time. It notifies the Go scheduler, which runs
// other goroutines on another thread if the call lasts.
func futexWait(addr *atomic.Uint32, op, val uint32, t *Timespec, addr2 *atomic.Uint32, val3 uint32) error {
	var short shortTimespec
	trap := futexTrap(t)
	_, _, errno := syscall.Syscall6(trap, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		uintptr(timeArg(trap, t, &short)), uintptr(unsafe.Pointer(addr2)), uintptr(val3))
	if errno != 0 {
		return errno
	}
	return nil
}

// futexHandingOn is futexWait for a call that is known to sleep: it hands off the P first, where package handon can.
func futexHandingOn(addr *atomic.Uint32, op, val uint32, t *Timespec, val3 uint32) error {
	if !handon.Works {
		return futexWait(addr, op, val, t, nil, val3)
	}
	var short shortTimespec
	trap := futexTrap(t)
	if errno := handon.Futex(trap, addr, op, val, timeArg(trap, t, &short), val3); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}

// futexNow is a futex call that does not sleep, so it does not notify the scheduler. Its fourth argument and its result
// are numbers.
func futexNow(addr *atomic.Uint32, op, val, val2 uint32, addr2 *atomic.Uint32, val3 uint32) (int, error) {
	n, _, errno := syscall.RawSyscall6(futexTrap(nil), uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		uintptr(val2), uintptr(unsafe.Pointer(addr2)), uintptr(val3))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
