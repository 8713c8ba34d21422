// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command unfairlock uses os_unfair_lock, the lock of macOS for what is held a short time: four bytes,
// owned by a thread, to which the waiters lend their priority.
//
// Watch for: unfair means barging: any thread may take the lock, also the one that has just released it. The lock
// replaced OSSpinLock, which spun: with priorities, a spinning thread can keep the holder from running.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `unfairlock uses os_unfair_lock, the owned lock of macOS.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `macOS    os_unfair_lock, 4 bytes, owner known, priority lent, no limit to a wait
Linux    a futex word with three states; FUTEX_LOCK_PI where the owner must be known
Windows  SRWLOCK, the size of a pointer, owner not known
portable native.Mutex: each system's own

`)
	return show(out)
}
