// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command futex makes the raw system call beneath locks: sleep if a word still holds a value, and
// wake the sleepers of a word. The kernel knows the word by its address, and keeps nothing for it
// without sleepers.
//
// Watch for: the value is compared in the same step in which the caller falls asleep, so no wake
// can fall between looking and sleeping. A wake says how many it has woken, and changes no word:
// a woken thread must check the word again.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `futex sleeps on a word and wakes, by the raw calls of the system.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Linux    futex: FUTEX_WAIT and FUTEX_WAKE, 4 bytes
macOS    __ulock_wait and __ulock_wake, private; since 14.4 os_sync_wait_on_address, 4 or 8 bytes
Windows  WaitOnAddress and WakeByAddressSingle, 1 to 8 bytes (see waitonaddress)
FreeBSD  _umtx_op: UMTX_OP_WAIT_UINT and UMTX_OP_WAKE, 4 bytes
portable sys/futex for threads, locks/park for goroutines and threads

`)
	return show(out)
}
