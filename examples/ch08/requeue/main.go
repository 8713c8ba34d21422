// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command requeue moves sleepers from one word to another without waking them. It is how a condition
// variable implements Broadcast: the waiters get the mutex one after the other, so a wake-up of all
// at once would only make them fight for it and go back to sleep (the thundering herd).
//
// Watch for: all sleepers move, and none of them runs. The unlock of each wakes the next.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `requeue moves sleepers from a condition to a mutex without waking them.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Linux    FUTEX_CMP_REQUEUE; since 6.7 futex_requeue, with flags for each word
macOS    nothing of the kind; Windows neither: a broadcast there wakes all
portable park.Requeue moves goroutines, and threads that sleep in the kernel, on any system

`)
	return show(out)
}
