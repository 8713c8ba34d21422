// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Calls into libSystem work as in the syscall package: a cgo_import_dynamic pragma imports each
// symbol, the dynamic linker binds it at launch, and Go reaches it through a jump in assembly
// whose address is in a variable. The links into package syscall are those that
// golang.org/x/sys/unix has; Go keeps them for it.
//
// Pointers become integers inside the call expression, so they are alive until the call
// returns, and the goroutine's stack, to which they may point, does not move during it.
//
// Results have the width they have in C: an int is the low half of r1, and a bool is its lowest
// byte. The rest is undefined.

// syscall6 calls a function that may block. It notifies the Go scheduler, which runs other goroutines on another thread
// if the call lasts. errno is that of the same thread, and is valid only if the function failed.
//
//go:linkname syscall6 syscall.syscall6
func syscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, errno syscall.Errno)

// syscall3 is syscall6 with three arguments. It passes the third one also in the way of a variadic argument, which on
// arm64 is passed in another place.
//
//go:linkname syscall3 syscall.syscall
func syscall3(fn, a1, a2, a3 uintptr) (r1, r2 uintptr, errno syscall.Errno)

// syscallPtr is syscall6 with three arguments, for a function that returns a pointer and fails with nil.
//
//go:linkname syscallPtr syscall.syscallPtr
func syscallPtr(fn, a1, a2, a3 uintptr) (r1, r2 uintptr, errno syscall.Errno)

// rawSyscall6 calls a function that does not block, so it does not notify the scheduler. It costs half of syscall6.
//
//go:linkname rawSyscall6 syscall.rawSyscall6
func rawSyscall6(fn, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, errno syscall.Errno)

// pinned calls a function that does not block for an object that must stay where it is from then on.
// The directive moves the object from the goroutine's stack to the heap. It also moves the attributes, which need not move.
//
//go:uintptrescapes
func pinned(fn, object, attributes uintptr) uintptr {
	r1, _, _ := rawSyscall6(fn, object, attributes, 0, 0, 0, 0)
	return r1
}

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

// A lateSymbol is a function that an older system lacks. Importing it would end the program at
// launch there, so it is looked up at its first call. So is a function of a framework, which is then loaded.
type lateSymbol struct {
	name      string         // ends in a zero byte
	framework string         // the path of one that libSystem does not load, or "", ends in a zero byte
	addr      atomic.Uintptr // 0 before it was looked up
}

// missing is the address of a symbol that was looked up in vain.
const missing = ^uintptr(0)

// lookUp returns the address of the function, and reports whether the system has it. Threads
// that look it up at the same time find the same address.
func (s *lateSymbol) lookUp() (fn uintptr, ok bool) {
	fn = s.addr.Load()
	if fn == 0 {
		library := everywhere
		if s.framework != "" {
			library = dlopen(s.framework)
		}
		if library != 0 {
			fn = dlsym(library, s.name)
		}
		if fn == 0 {
			fn = missing
		}
		s.addr.Store(fn)
	}
	return fn, fn != missing
}

//go:cgo_import_dynamic libc_dlopen dlopen "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_dlsym dlsym "/usr/lib/libSystem.B.dylib"

var (
	dlopenAddr uintptr
	dlsymAddr  uintptr
)

// dlopen loads a library, and returns 0 if it does not exist.
func dlopen(path string) (library uintptr) {
	const lazy = 1 // RTLD_LAZY
	r1, _, _ := syscall6(dlopenAddr, uintptr(unsafe.Pointer(unsafe.StringData(path))), lazy, 0, 0, 0, 0)
	return r1
}

// everywhere means all libraries that the program has loaded: RTLD_DEFAULT, ((void *) -2).
const everywhere = ^uintptr(1)

// dlsym returns the address of the symbol, 0 if the library does not have it.
func dlsym(library uintptr, name string) uintptr {
	r1, _, _ := syscall6(dlsymAddr, library, uintptr(unsafe.Pointer(unsafe.StringData(name))), 0, 0, 0, 0)
	return r1
}
