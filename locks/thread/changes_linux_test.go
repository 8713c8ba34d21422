// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"os"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	schedule := func(attr linux.SchedAttr) func() error {
		return func() error {
			attr.Size = uint32(unsafe.Sizeof(attr))
			return linux.SchedSetattr(0, &attr, 0)
		}
	}
	return map[string]func() error{
		"real-time": schedule(linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: 1}),
		"batch":     schedule(linux.SchedAttr{Policy: unix.SCHED_BATCH}),
		"nice": func() error {
			var now linux.SchedAttr
			if err := linux.SchedGetattr(0, &now, uint32(unsafe.Sizeof(now)), 0); err != nil {
				return err
			}
			if now.Nice == 19 {
				return syscall.ENOTSUP // there is none above
			}
			return schedule(linux.SchedAttr{Policy: unix.SCHED_NORMAL, Nice: now.Nice + 1})()
		},
		"name": func() error {
			name := append([]byte("renamed"), 0)
			_, _, errno := syscall.RawSyscall6(unix.SYS_PRCTL, unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0, 0)
			if errno != 0 {
				return errno
			}
			return nil
		},
		"affinity": func() error {
			var set unix.CPUSet
			if err := unix.SchedGetaffinity(0, &set); err != nil {
				return err
			}
			if set.Count() < 2 {
				return syscall.ENOTSUP // there is nothing to choose
			}
			for cpu := 0; ; cpu++ {
				if set.IsSet(cpu) {
					set.Clear(cpu)
					return unix.SchedSetaffinity(0, &set)
				}
			}
		},
		"robust list": func() error {
			// The kernel looks at it when the thread ends, so it is never unmapped.
			memory, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
			if err != nil {
				return err
			}
			head := (*linux.RobustListHead)(unsafe.Pointer(&memory[0])) // mapped, so not Go's to move
			head.List.Next = uintptr(unsafe.Pointer(&head.List))
			return linux.SetRobustList(head, unsafe.Sizeof(*head))
		},
	}
}
