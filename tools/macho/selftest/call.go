// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

// Package selftest checks the libSystem of tools/macho. It calls functions by their names, without
// the bindings of osync.
package selftest

import (
	"syscall"
	"unsafe"
)

//go:cgo_import_dynamic libc_dlsym dlsym "/usr/lib/libSystem.B.dylib"

var dlsymAddress uintptr // set in call_darwin.s

//go:linkname syscall6 syscall.syscall6
func syscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

// symbol returns the address of a function, or 0 if this release of macOS does not have it.
func symbol(name string) uintptr {
	const anyLibrary = ^uintptr(1) // RTLD_DEFAULT
	text := append([]byte(name), 0)
	r, _, _ := syscall6(dlsymAddress, anyLibrary, uintptr(unsafe.Pointer(&text[0])), 0, 0, 0, 0)
	return r
}

// call calls a function. The compiler does not see pointers among args: they must be those of allocate.
func call(name string, args ...uintptr) (uintptr, syscall.Errno) {
	address := symbol(name)
	if address == 0 {
		panic("no function " + name)
	}
	a := [6]uintptr{}
	copy(a[:], args)
	r, _, errno := syscall6(address, a[0], a[1], a[2], a[3], a[4], a[5])
	return r, errno
}

// wait is call for functions that a signal of the Go runtime may end early, with EINTR.
func wait(name string, args ...uintptr) (int, syscall.Errno) {
	for {
		r, errno := call(name, args...)
		if errno != syscall.EINTR && int32(r) != -int32(syscall.EINTR) {
			return int(int32(r)), errno
		}
	}
}

var allocated []any

// allocate returns memory that is never freed, and its address. Unlike a stack, it does not move.
func allocate[T any](value T) (*T, uintptr) {
	p := &value
	allocated = append(allocated, p)
	return p, uintptr(unsafe.Pointer(p))
}
