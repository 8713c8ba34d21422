// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command timeline lets goroutines or threads contend for a lock, and draws its holders and
// waiters: as a picture, and as a trace for https://ui.perfetto.dev.
//
//	go run ./examples/timeline -lock sync -svg sync.svg
//	go run ./examples/timeline -lock fair -svg fair.svg -trace fair.json
//
// Watch how the lock goes around: to one waiter after the other (fair, ticket, mcs), or many
// times to the same one, while others wait (sync, mutex, spin). The first is the even share, the
// second the throughput. The exit status is 1 if two held the lock that must not.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `Timeline lets goroutines or threads contend for a lock, and draws its holders and waiters.
The trace is for https://ui.perfetto.dev or chrome://tracing.

A waiter overtakes another one if it called Lock later and gets the lock earlier. A fair lock shows some
overtaking, too: a goroutine may lose its processor after the call and before it is in the queue.

The locks:
`

// A config is what the flags say.
type config struct {
	lock                 string
	workers              int
	threads              bool
	duration, work, rest time.Duration
	writes, units        int
	svg, trace           string
}

func main() {
	var c config
	flag.StringVar(&c.lock, "lock", "mutex", "the `name` of the lock")
	flag.IntVar(&c.workers, "n", 4, "how many contend")
	flag.BoolVar(&c.threads, "threads", false, "pinned threads instead of goroutines")
	flag.DurationVar(&c.duration, "for", 20*time.Millisecond, "how long")
	flag.DurationVar(&c.work, "work", 20*time.Microsecond, "how long each holds the lock")
	flag.DurationVar(&c.rest, "rest", 20*time.Microsecond, "how long each stays outside, and lets others run, before it wants the lock again")
	flag.IntVar(&c.writes, "writes", 10, "how many of 100 locks of a readers-writer lock are for writing")
	flag.IntVar(&c.units, "units", 2, "the units of a semaphore, of which each takes one")
	flag.StringVar(&c.svg, "svg", "", "write a picture to this `file`")
	flag.StringVar(&c.trace, "trace", "", "write a Chrome trace to this `file`")
	var text strings.Builder
	text.WriteString(about)
	for _, k := range kinds {
		fmt.Fprintf(&text, "  %-10s %s\n", k.name, k.title)
	}
	program.Main(text.String(), func(out io.Writer) error { return run(out, c) })
}

// run contends, draws and sums up as c says. It returns an error if the lock failed.
func run(out io.Writer, c config) error {
	if c.workers < 1 || c.duration <= 0 || c.work < 0 || c.rest < 0 || c.writes < 0 || c.writes > 100 || c.units < 1 {
		return errors.New("a number is out of range; -h lists the flags")
	}
	k, err := kindNamed(c.lock)
	if err != nil {
		return err
	}
	l, err := k.make(c)
	if err != nil {
		return fmt.Errorf("%s: %w", k.title, err)
	}
	r, err := record(l, k.title, c)
	if err != nil {
		return err
	}
	s := summarize(r)
	s.print(out)
	for path, draw := range map[string]func(io.Writer) error{
		c.svg:   func(w io.Writer) error { return drawSVG(w, r, s) },
		c.trace: func(w io.Writer) error { return writeTrace(w, r) },
	} {
		if err := write(path, draw); err != nil {
			return err
		}
	}
	return r.check()
}

// write creates a file, if it has a name.
func write(path string, draw func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(draw(f), f.Close())
}
