// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// deadlineClasses is the class of Linux that thread.SetRealtime does not use: the kernel stops a thread that has computed
// for what it has promised until its next period.
var deadlineClasses = []class{{"SCHED_DEADLINE", func() error {
	attr := linux.SchedAttr{
		Policy:  unix.SCHED_DEADLINE,
		Flags:   unix.SCHED_FLAG_RESET_ON_FORK, // or it cannot start a program
		Runtime: uint64(promised), Deadline: uint64(overrunPeriod), Period: uint64(overrunPeriod),
	}
	attr.Size = uint32(unsafe.Sizeof(attr))
	return linux.SchedSetattr(0, &attr, 0)
}}}
