// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"runtime"
	"strings"
	"time"
)

const (
	dumpSize  = 1 << 20 // the stacks of some thousand goroutines
	dumpShare = 100     // a dump is taken no more often than that its time is this part of all
)

// A dumper takes the stacks of goroutines that wait. That stops the program for about a microsecond for each goroutine,
// so it does it rarely, and looks at no more than fits into its buffer.
type dumper struct {
	next time.Time
	buf  []byte
}

// stacks returns the stacks of the goroutines by their numbers, or nil if it is too soon.
func (d *dumper) stacks() map[uint64]Stack {
	begin := time.Now()
	if begin.Before(d.next) {
		return nil
	}
	if d.buf == nil {
		d.buf = make([]byte, dumpSize)
	}
	n := runtime.Stack(d.buf, true)
	d.next = time.Now().Add(time.Since(begin) * dumpShare)
	stacks := map[uint64]Stack{}
	for text := range strings.SplitSeq(string(d.buf[:n]), "\n\n") {
		if number, s := parseStack(text); number != 0 {
			stacks[number] = s
		}
	}
	return stacks
}
