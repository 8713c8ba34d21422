// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"syscall"
	"unsafe"
)

// PthreadKill sends a signal to a thread.
func PthreadKill(thread Pthread, sig syscall.Signal) error {
	r1, _, _ := rawSyscall6(dlsym(everywhere, "pthread_kill\x00"), uintptr(thread), uintptr(sig), 0, 0, 0, 0)
	return status(r1)
}

// Register returns a time in the form in which C passes it by value.
func Register(t MachTimespec) uintptr { return t.register() }

// Member converts the result of a call of a workgroup's member.
func Member(r1 uintptr, errno syscall.Errno) error { return member(r1, errno) }

// NewWorkgroup converts the result of a call that makes a workgroup.
func NewWorkgroup(r1 uintptr, errno syscall.Errno) (Workgroup, error) { return newWorkgroup(r1, errno) }

// HasSymbol reports whether libSystem has a function.
func HasSymbol(name string) bool { return dlsym(everywhere, name+"\x00") != 0 }

// HasFrameworkSymbol reports whether a framework exists and has a function.
func HasFrameworkSymbol(path, name string) bool {
	s := lateSymbol{name: name + "\x00", framework: path + "\x00"}
	_, ok := s.lookUp()
	return ok
}

// Address converts a number to a pointer, which may be invalid.
func Address(n uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&n)) }
