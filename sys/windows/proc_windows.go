// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The libraries. They are loaded from the system's folder, never from the program's or
// the current one, where another program might have put a file.
var (
	kernel32   = windows.NewLazySystemDLL("kernel32.dll")
	kernelbase = windows.NewLazySystemDLL("kernelbase.dll")
	ntdll      = windows.NewLazySystemDLL("ntdll.dll")
	synch      = windows.NewLazySystemDLL("api-ms-win-core-synch-l1-2-0.dll") // kernelbase, under its documented name
)

// A proc is a function of the system. It is looked up once, when it is first called.
type proc struct {
	dll  *windows.LazyDLL
	name string

	addr atomic.Uintptr // 0 until it is found
	once sync.Once
	err  error // the reason if it was not found; written under once
}

// find returns the function's address, for SyscallN.
func (p *proc) find() (uintptr, error) {
	if addr := p.addr.Load(); addr != 0 {
		return addr, nil
	}
	return p.lookUp()
}

//go:noinline
func (p *proc) lookUp() (uintptr, error) {
	p.once.Do(func() {
		found := p.dll.NewProc(p.name)
		if found.Find() != nil { // no such function, or no such library
			p.err = fmt.Errorf("windows: %s: %w", p.name, errors.ErrUnsupported)
			return
		}
		p.addr.Store(found.Addr())
	})
	return p.addr.Load(), p.err
}

// The forms that many functions share. A pointer argument is converted to an integer in the
// argument list of SyscallN: that keeps its object alive, and the goroutine's stack in place,
// until the call returns.

// void calls a function of one pointer that returns nothing.
func (p *proc) void(arg unsafe.Pointer) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	syscall.SyscallN(addr, uintptr(arg))
	return nil
}

// try calls a function of one pointer that returns a BOOLEAN and has no errors. A BOOLEAN
// is one byte; the rest of the register is undefined.
func (p *proc) try(arg unsafe.Pointer) (bool, error) {
	addr, err := p.find()
	if err != nil {
		return false, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(arg))
	return uint8(r) != 0, nil
}

// onHandle calls a function of one handle that returns a BOOL.
func (p *proc) onHandle(h Handle) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h)))
}

// pinned calls a function that keeps a pointer, or that calls back. The directive moves what
// the arguments point to from the goroutine's stack to the heap, where it stays in place.
//
//go:uintptrescapes
func pinned(addr uintptr, args ...uintptr) (r1, r2 uintptr, errno syscall.Errno) {
	return syscall.SyscallN(addr, args...)
}

// flag is a BOOL as an argument.
func flag(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}
