// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command namespaces works in two network namespaces at a time, each on a thread of its own, and shows what belongs to the thread
// there and what does not. It needs Linux, and root or a user namespace, which it makes itself if it may.
//
// Watch for: both servers listen at the same address. A goroutine that a function inside starts is outside. And a child process with
// Pdeathsig dies with the thread that has started it.
package main

import (
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `namespaces works in two network namespaces at a time, each on a thread of its own, and shows what
belongs to the thread there and what does not. It needs Linux, and root or a user namespace.`

func main() {
	role()
	program.Main(about, run)
}
