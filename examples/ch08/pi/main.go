// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command pi shows priority inheritance: the holder of a lock runs with the priority of the most
// urgent thread that waits for it. Without it a thread of middle priority can keep the holder off the
// processor, and with it the urgent one: that happened on Mars in 1997.
//
// Watch for: the word holds the id of the owner, so the kernel knows which thread to raise. The
// kernel can therefore also detect a deadlock, and hands the lock over by itself.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `pi shows a lock whose owner inherits the priority of its waiters.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Linux    FUTEX_LOCK_PI, and FUTEX_LOCK_PI2 with a choice of clocks; for SCHED_FIFO and above
macOS    os_unfair_lock lends the priority (QoS) of its waiters
Windows  nothing of the kind: its scheduler boosts a thread that has starved for seconds
portable native.PIMutex, as far as the system has it; PTHREAD_PRIO_INHERIT in pthreads

`)
	return show(out)
}
