// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command stopflag shows how to stop a goroutine: by an atomic flag that it checks between two
// pieces of work.
//
// Watch for how much the worker did before it saw the flag. A plain bool would be a data race,
// and the compiler may keep it in a register and never look again. Where a worker also
// waits, a flag cannot reach it: there a context, whose Done is a channel, does both.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows how to stop a goroutine, by a flag and by a context."

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var stop atomic.Bool
	done := make(chan int)
	go func() {
		pieces := 0
		for !stop.Load() {
			piece()
			pieces++
		}
		done <- pieces
	}()
	time.Sleep(5 * time.Millisecond) // a user who thinks
	stop.Store(true)
	told := time.Now()
	fmt.Fprintf(out, "atomic.Bool: stopped after %d pieces, %v after the store\n", <-done, time.Since(told).Round(time.Microsecond))

	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		select {
		case <-time.After(time.Hour): // waits, and looks at no flag
			ended <- nil
		case <-ctx.Done():
			ended <- ctx.Err()
		}
	}()
	cancel()
	err := <-ended
	fmt.Fprintf(out, "a context:   woken from a wait of an hour: %v\n", err)
	if err == nil {
		return errors.New("the context did not end the wait")
	}
	return nil
}

var sink atomic.Uint64

// piece is some microseconds of work.
func piece() {
	x := sink.Load() | 1
	for range 1000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink.Store(x)
}
