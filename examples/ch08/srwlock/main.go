// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command srwlock uses SRWLOCK, the slim reader/writer lock of Windows: the size of a pointer, zero when
// free, with nothing to create and nothing to destroy. The condition variable is as slim.
//
// Watch for: it is the mutex, too: one who takes it exclusively. It knows no owner, no limit to a
// wait and no order; a reader's acquisition may be granted exclusively, says Microsoft since 2024.
package main

import (
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `srwlock uses SRWLOCK and CONDITION_VARIABLE, the slim locks of Windows.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	fmt.Fprint(out, `Windows  SRWLOCK, CONDITION_VARIABLE; CRITICAL_SECTION is older, larger, recursive and owned
Linux    futexes, from which a program makes such a lock itself (ch09/rwlock3)
macOS    pthread_rwlock_t, 200 bytes; os_unfair_lock has no readers
portable native.RWMutex: each system's own; locks.RWMutex for goroutines

`)
	return show(out)
}
