// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

// Package selftest checks the symbols that machorun provides, bound the way a cgo-free package binds them:
// an import pragma, a jump in assembly, and the system call helper of package syscall.
package selftest

import (
	"fmt"
	"sync"
	"syscall"
	"unsafe"
)

//go:cgo_import_dynamic libc_dlsym dlsym "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_ulock_wake __ulock_wake "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_unfair_lock_trylock os_unfair_lock_trylock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_sem_open sem_open "/usr/lib/libSystem.B.dylib"

// Addresses of the jumps, filled in by the assembler.
var (
	dlsymAddr   uintptr
	wakeAddr    uintptr
	trylockAddr uintptr
	semOpenAddr uintptr
)

const rtldDefault = ^uintptr(1) // -2

var symbols sync.Map // name to address

//go:linkname syscall6 syscall.syscall6
func syscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

//go:linkname rawSyscall6 syscall.rawSyscall6
func rawSyscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

func dlsym(name string) uintptr {
	b := append([]byte(name), 0)
	r, _, _ := syscall6(dlsymAddr, rtldDefault, uintptr(unsafe.Pointer(&b[0])), 0, 0, 0, 0)
	return r
}

func fn(name string) uintptr {
	if f, ok := symbols.Load(name); ok {
		return f.(uintptr)
	}
	f := dlsym(name)
	if f == 0 {
		panic(fmt.Sprintf("no symbol %s", name))
	}
	symbols.Store(name, f)
	return f
}

// p6 pads its arguments. It hides pointers among them from the compiler: those must be on the heap and in use, see heap.
func p6(a []uintptr) (b [6]uintptr) { copy(b[:], a); return }

func call(name string, args ...uintptr) (int, syscall.Errno) {
	a := p6(args)
	r, _, e := syscall6(fn(name), a[0], a[1], a[2], a[3], a[4], a[5])
	return int(int32(r)), e
}

// again is call without EINTR: a signal of the Go runtime may end any wait early.
func again(name string, args ...uintptr) (r int, e syscall.Errno) {
	for {
		if r, e = call(name, args...); e != syscall.EINTR && r != -int(syscall.EINTR) {
			return r, e
		}
	}
}

func call64(name string, args ...uintptr) uintptr {
	a := p6(args)
	r, _, _ := syscall6(fn(name), a[0], a[1], a[2], a[3], a[4], a[5])
	return r
}
