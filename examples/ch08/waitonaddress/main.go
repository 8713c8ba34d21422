// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command waitonaddress looks at the futex of the other systems, and at how large a word may be.
//
// Watch for: the larger word notices a change that the first four bytes do not show. A lock word of
// four bytes is what all systems share, which is why osync's locks have it.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `waitonaddress sleeps on words of several sizes, by the raw calls of the system.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Windows  WaitOnAddress (Windows 8), 1, 2, 4 or 8 bytes, this process only
macOS    os_sync_wait_on_address (14.4), 4 or 8 bytes
Linux    futex, 4 bytes; futex2 has flags for other sizes, which no kernel takes yet
portable sys/futex: 4 bytes everywhere

`)
	return show(out)
}
