// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command lazyptr shows a value too large for one word that is made when it is needed first,
// and published by its address.
//
// The swap that publishes the pointer also publishes what it points to. In Rust this needs
// release and acquire order, and the loser must free its copy; in Go any atomic.Pointer does the
// first, and the collector the second. Watch for the number that was made, and that all use one.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const (
	about = "Shows a large value that is made when needed first, and published by its address."
	users = 8
)

func main() { program.Main(about, run) }

type table [256]uint32

// A lazy is a table that is made when it is needed first. The zero value is ready for use.
type lazy struct {
	table atomic.Pointer[table]
	made  atomic.Int64
}

func (l *lazy) get() *table {
	if t := l.table.Load(); t != nil { // acquire: what t points to is complete
		return t
	}
	t := makeTable()
	l.made.Add(1)
	if l.table.CompareAndSwap(nil, t) { // release: so it is for others
		return t
	}
	return l.table.Load() // another goroutine was first; the collector takes ours
}

// makeTable makes the table of CRC-32, entry by entry.
func makeTable() *table {
	t := new(table)
	for i := range t {
		crc := uint32(i)
		for range 8 {
			crc = crc>>1 ^ 0xedb88320&-(crc&1)
		}
		t[i] = crc
		if i%64 == 0 {
			runtime.Gosched() // others come meanwhile, and find no table
		}
	}
	return t
}

func run(out io.Writer) error {
	var l lazy
	var got [users]*table
	var sums [users]uint32
	start := locks.NewBarrier(users)
	var wg sync.WaitGroup
	for i := range users {
		wg.Go(func() {
			start.Wait()
			got[i] = l.get()
			crc := ^uint32(0)
			for _, b := range []byte("123456789") {
				crc = crc>>8 ^ got[i][byte(crc)^b]
			}
			sums[i] = ^crc
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "%d users made %d tables, and all use the one at %p\n", users, l.made.Load(), l.table.Load())
	for i := range users {
		if got[i] != l.table.Load() {
			return fmt.Errorf("user %d has the table at %p, not %p", i, got[i], l.table.Load())
		}
		if sums[i] != 0xcbf43926 { // the check value of CRC-32
			return fmt.Errorf("user %d computed %#x with a table that was not complete", i, sums[i])
		}
	}
	fmt.Fprintf(out, "each computed the CRC-32 %#x\n", sums[0])
	return nil
}
