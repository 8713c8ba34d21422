// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"runtime"
	"time"
)

const (
	dumpSize  = 1 << 20 // bytes, for the stacks of some thousand goroutines
	dumpMost  = 10_000  // goroutines, which are stopped for some 30 ms
	dumpShare = 100     // dumps take at most one part in dumpShare of the time
)

// A dumper takes the stacks of waiting goroutines. That stops the program for about 3 µs for each of its goroutines,
// so a dumper does it rarely, and not at all if there are too many.
type dumper struct {
	next time.Time
	buf  []byte
}

// stacks returns the stacks of the goroutines by their numbers, or nil if it is too soon, or there are too many.
func (d *dumper) stacks() map[uint64]Stack {
	begin := time.Now()
	if begin.Before(d.next) || runtime.NumGoroutine() > dumpMost {
		return nil
	}
	if d.buf == nil {
		d.buf = make([]byte, dumpSize)
	}
	n := runtime.Stack(d.buf, true)
	d.next = time.Now().Add(time.Since(begin) * dumpShare)
	return parseDump(d.buf[:n])
}
