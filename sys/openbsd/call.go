// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

package openbsd

import (
	"syscall"
	"unsafe"
)

// Calls into libc go the way of the syscall package: each symbol is imported by a cgo_import_dynamic pragma, bound by
// the dynamic linker, and reached through a jump in assembly whose address stands in a variable. The links into
// package syscall are those that golang.org/x/sys/unix has; Go keeps them for it.
//
// Pointers become integers inside the call expression, so they are alive until the call returns, and the goroutine's
// stack, where they may point to, does not move during it. For a word that other threads wait on after the call
// see stays.
//
// Results have the width they have in C: an int is the low half of r1, and errno is read if that is -1.

// syscall6 calls a function that may block. It notifies the Go scheduler, which runs other goroutines on another thread
// if the call lasts.
//
//go:linkname syscall6 syscall.syscall6
func syscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, errno syscall.Errno)

// rawSyscall6 calls a function that does not block, so it does not notify the scheduler.
//
//go:linkname rawSyscall6 syscall.rawSyscall6
func rawSyscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, errno syscall.Errno)

//go:cgo_import_dynamic libc_futex futex "libc.so"
//go:cgo_import_dynamic libc_getthrid getthrid "libc.so"
//go:cgo_import_dynamic libc_getthrname getthrname "libc.so"
//go:cgo_import_dynamic libc_setthrname setthrname "libc.so"
//go:cgo_import_dynamic libc_sched_yield sched_yield "libc.so"

// The addresses of the jumps, which stand in the assembly.
var (
	futexAddr      uintptr
	getthridAddr   uintptr
	getthrnameAddr uintptr
	setthrnameAddr uintptr
	schedYieldAddr uintptr
)

// count turns the result of a call that returns an int, or -1 and errno, into Go's.
func count(r1 uintptr, errno syscall.Errno) (int, error) {
	if n := int32(r1); n != -1 {
		return int(n), nil
	}
	return 0, errno
}

// status turns the result of a call that returns 0 or an error number into Go's.
func status(r1 uintptr) error {
	if n := int32(r1); n != 0 {
		return syscall.Errno(n)
	}
	return nil
}

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
