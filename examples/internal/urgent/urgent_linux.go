// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package urgent

import (
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// RealTime puts the calling thread into SCHED_FIFO, the class that runs before all ordinary threads, and names it. The thread
// must end with its goroutine: call thread.Discard before, unless thread.Spawn has started it.
//
// Processes that the thread starts get an ordinary class, by SCHED_FLAG_RESET_ON_FORK.
func RealTime() (class string, err error) {
	attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: 10, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
	attr.Size = uint32(unsafe.Sizeof(attr))
	return "SCHED_FIFO", linux.SchedSetattr(0, &attr, 0)
}
