// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package handon lets a thread hand off its processor (the P of the Go scheduler) to runnable goroutines before it
// sleeps in a system call.
//
// In a plain system call the thread keeps its P until the scheduler's monitor thread takes it, 20 µs
// to 10 ms later. At GOMAXPROCS=1, where the goroutine that will wake the sleeper needs that P, this
// makes a hand-over many times slower. [Works] is true on Linux, without the build tag osync_nolinkname
// and with the releases of Go that this was tested with, which docs/go-versions.md names.
package handon
