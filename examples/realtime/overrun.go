// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/examples/internal/urgent"
	"github.com/osync-go/osync/locks/thread"
)

// A thread that overruns computes for needs in each period, and has promised not to for more than promised.
const (
	overrunPeriod = 10 * time.Millisecond
	promised      = 2 * time.Millisecond
	needs         = 3 * time.Millisecond
)

// A class is what a thread that overruns is made.
type class struct {
	name string
	join func() error
}

var classes = append([]class{
	{"ordinary", func() error { return nil }},
	{"thread.SetRealtime", func() error { return thread.SetRealtime(overrunPeriod, promised) }},
}, deadlineClasses...)

// overruns prints how long the whole program is stopped, as by the collector, while a thread overruns: that thread has to come to
// a safe point first, also if the kernel has stopped it.
func overruns(out io.Writer, paint terminal.Paint, length time.Duration) error {
	fmt.Fprintf(out, "\n%s\n", paint(terminal.Bold, fmt.Sprintf("a thread computes for %v of each %v, and has promised %v", needs, overrunPeriod, promised)))
	fmt.Fprintf(out, "  the world stops in%17s%10s%10s%16s\n", "median", "99 %", "worst", "it computes for")
	for _, c := range classes {
		stops, turns, err := overrun(c, length)
		switch {
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, os.ErrPermission):
			fmt.Fprintf(out, "  %-24s  not here: %v\n", c.name, err)
		case err != nil:
			return fmt.Errorf("%s: %w", c.name, err)
		default:
			fmt.Fprintf(out, "  %-24s%11s%10s%10s%16s\n", c.name,
				urgent.Micro(stops.At(0.5)), urgent.Micro(stops.At(0.99)), urgent.Micro(stops.At(1)), urgent.Micro(turns.At(0.5)))
		}
	}
	return nil
}

// overrun returns how long each stop of the world has taken while a thread of the class overruns, and how long each of its turns.
func overrun(c class, length time.Duration) (stops, turns urgent.Times, err error) {
	var end atomic.Bool
	joined := make(chan error, 1)
	h := thread.Spawn(func() error {
		thread.Discard()
		err := c.join()
		joined <- err
		if err != nil {
			return nil
		}
		for t := thread.NewTicker(overrunPeriod); !end.Load(); {
			t.Next()
			began := time.Now()
			urgent.Work(needs)
			turns = append(turns, time.Since(began))
		}
		return nil
	})
	if err := <-joined; err != nil {
		return nil, nil, err
	}
	for began := time.Now(); time.Since(began) < length; time.Sleep(time.Millisecond) {
		var m runtime.MemStats
		before := time.Now()
		runtime.ReadMemStats(&m) // stops the world
		stops = append(stops, time.Since(before))
	}
	end.Store(true)
	return stops, turns, h.Join()
}
