// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A sigaction is the kernel's struct of that name on amd64.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// TestInterruptedByC gives a signal a handler without SA_RESTART, as C code may do. It then ends
// a wait that has no limit, but not a wait for a lock with priority inheritance. The signal is
// the runtime's for preemption, which has no other effect on a thread that is in a system call.
// The structs of other processors differ.
func TestInterruptedByC(t *testing.T) {
	if emulated() {
		t.Skip("the emulator has signals of its own")
	}
	const saRestart = 0x10000000
	action := func(new, old *sigaction) {
		_, _, errno := syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGURG), uintptr(unsafe.Pointer(new)),
			uintptr(unsafe.Pointer(old)), unsafe.Sizeof(new.mask), 0, 0)
		if errno != 0 {
			t.Fatalf("sigaction: %v", errno)
		}
	}
	var before sigaction
	action(nil, &before)
	changed := before
	changed.flags &^= saRestart
	action(&changed, nil)
	defer action(&before, nil)
	for _, w := range waits {
		t.Run(w.name, func(t *testing.T) {
			word := new(atomic.Uint32)
			if w.younger && w.call(word, 1, nil, private) != syscall.EAGAIN {
				t.Skip("this kernel lacks the call")
			}
			var interrupted atomic.Bool
			s := start(func() error {
				err := w.call(word, 0, nil, private)
				interrupted.Store(true)
				return err
			})
			for !interrupted.Load() {
				interrupt(s.tid)
			}
			s.end(t, syscall.EINTR)
		})
	}
	lock := heldPI(t)
	s := start(func() error { return linux.FutexLockPI(lock, nil, private) })
	await(t, "a waiter", func() bool { return lock.Load()&linux.FUTEX_WAITERS != 0 })
	for range 100 {
		interrupt(s.tid)
	}
	want(t, "unlock", linux.FutexUnlockPI(lock, private), nil)
	s.end(t, nil)
}

// interrupt sends the signal to a thread, which may not be asleep yet.
func interrupt(tid int) {
	_ = syscall.Tgkill(syscall.Getpid(), tid, unix.SIGURG)
	runtime.Gosched()
}
