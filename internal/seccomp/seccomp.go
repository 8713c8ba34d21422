// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package seccomp filters the system calls of a thread. Tests use it to stand for kernels and sandboxes
// that lack a call.
package seccomp

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Deny lets the system call of that number return errno on the calling thread, for the rest of its life.
// So the goroutine must be locked to the thread, and end with it. An error says that there is no such
// filter, as in an emulator.
func Deny(number uint32, errno syscall.Errno) error {
	return install([]word{{0, number}}, errno)
}

// A word is one of those of struct seccomp_data, by its distance in bytes from the start, with what it must hold.
type word struct{ offset, value uint32 }

// install lets the calls return errno in whose data all words are right.
func install(compare []word, errno syscall.Errno) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	var filter []unix.SockFilter
	for i, w := range compare {
		toAllow := 2*(len(compare)-i) - 1 // the instructions to jump over
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: w.offset},
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: w.value, Jf: uint8(toAllow)})
	}
	filter = append(filter,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	// Not unix.Prctl, through which the address would go as a number: the stack may move there.
	_, _, failure := syscall.RawSyscall6(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER,
		uintptr(unsafe.Pointer(&program)), 0, 0, 0)
	if failure != 0 {
		return failure
	}
	return nil
}
