// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command robust lets a thread end while it holds a lock. The next owner gets the lock and an error that
// says so, and can repair what the lock guards. It is meant for locks between
// processes, any of which may be killed.
//
// Watch for: the dying thread does nothing. The kernel knows what it held, and marks it.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `robust lets the owner of a lock die, and shows what the next owner gets.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Linux    robust lists: the kernel walks them when a thread ends, and sets FUTEX_OWNER_DIED
Windows  mutex objects: the next wait acquires and says WAIT_ABANDONED
macOS    nothing of the kind for locks; the lock of a file (flock) goes with its process
portable native.PIMutex says ErrOwnerDied on Linux

`)
	return show(out)
}
