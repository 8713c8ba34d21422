// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command realtime measures how late a loop is that must do something in each period of time: as an ordinary goroutine,
// as a thread, as a thread of a real-time class; on an idle program and on a busy one.
//
// Watch for: what the priority of a thread is worth (against other programs, much) and what it is not (against the goroutines of
// its own program, which hold what each thread needs to run Go code). And the drift of a loop that sleeps for the period. At the end: what a
// thread that computes for longer than it has promised does to its own program, by class.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/examples/internal/urgent"
	"github.com/osync-go/osync/locks/thread"
)

const about = `realtime measures how late a loop is that must do something in each period of time, as a goroutine
and as a thread, on an idle program and on a busy one. docs/realtime.md explains what it shows.`

// A config is what the flags say.
type config struct {
	period time.Duration
	length time.Duration // of each measurement
}

func main() {
	var c config
	flag.DurationVar(&c.period, "period", 2*time.Millisecond, "the `time` between two turns of the loop")
	flag.DurationVar(&c.length, "for", 400*time.Millisecond, "how `long` to measure each loop")
	program.Main(about, func(out io.Writer) error { return run(out, c) })
}

// A loop is a way to do something in each period. It calls turn with the time at which that turn was due, or the first one that is
// served by it if turns were missed, until turn returns false.
type loop struct {
	name string
	run  func(period time.Duration, turn func(due time.Time) bool) error
}

// sleeping sleeps for the period after each turn: the turn's own time, and the lateness of each sleep, add up.
func sleeping(period time.Duration, turn func(due time.Time) bool) error {
	for due := time.Now().Add(period); ; due = due.Add(period) {
		time.Sleep(period)
		if !turn(due) {
			return nil
		}
	}
}

// ticking uses a time.Ticker of the Go scheduler.
func ticking(period time.Duration, turn func(due time.Time) bool) error {
	t := time.NewTicker(period)
	defer t.Stop()
	for due := time.Now().Add(period); ; due = due.Add(period) {
		<-t.C
		if !turn(due) {
			return nil
		}
		due = due.Add(max(0, time.Since(due)).Truncate(period)) // the Ticker drops what was missed
	}
}

// onThread uses a thread.Ticker on a thread of its own, which prepare may change.
func onThread(prepare func(period time.Duration) error) func(time.Duration, func(time.Time) bool) error {
	return func(period time.Duration, turn func(due time.Time) bool) error {
		return thread.Spawn(func() error {
			thread.Discard()
			if err := prepare(period); err != nil {
				return err
			}
			t := thread.NewTicker(period)
			for {
				due := t.Due()
				t.Next()
				if !turn(due) {
					return nil
				}
			}
		}).Join()
	}
}

var loops = []loop{
	{"time.Sleep(period)", sleeping},
	{"time.Ticker", ticking},
	{"thread.Ticker", onThread(func(time.Duration) error { return nil })},
	{"thread.Ticker, Highest", onThread(func(time.Duration) error { return thread.SetPriority(thread.Highest) })},
	{"thread.Ticker, realtime", onThread(func(period time.Duration) error { return thread.SetRealtime(period, period/10) })},
}

func run(out io.Writer, c config) error {
	if c.period <= 0 || c.length < c.period {
		return errors.New("the period must be positive, and the length not shorter")
	}
	if runtime.GOARCH == "wasm" {
		return fmt.Errorf("%w: there are no threads", errors.ErrUnsupported)
	}
	paint := terminal.Colors(terminal.HasColor(out))
	for _, line := range limits() {
		fmt.Fprintln(out, line)
	}
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	for _, load := range []struct {
		about string
		busy  int
		procs int
	}{
		{"an idle program", 0, procs},
		{fmt.Sprintf("%d goroutines compute, GOMAXPROCS=%d: all of them busy", runtime.NumCPU(), runtime.NumCPU()), runtime.NumCPU(), runtime.NumCPU()},
		{fmt.Sprintf("%d goroutines compute, GOMAXPROCS=%d: 4 to spare", runtime.NumCPU(), runtime.NumCPU()+4), runtime.NumCPU(), runtime.NumCPU() + 4},
	} {
		fmt.Fprintf(out, "\n%s\n", paint(terminal.Bold, load.about))
		fmt.Fprintf(out, "  late by%27s%10s%10s%10s%10s\n", "median", "99 %", "worst", "turns", "behind")
		runtime.GOMAXPROCS(load.procs)
		for _, l := range loops {
			if err := measure(out, c, l, load.busy); err != nil {
				return err
			}
		}
	}
	if err := overruns(out, paint, c.length); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe garbage collector stopped the program %s\n", pauses())
	return nil
}

// measure prints a line about a loop.
func measure(out io.Writer, c config, l loop, busy int) error {
	stop := urgent.Load(busy)
	defer stop()
	n := int(c.length / c.period)
	late := make(urgent.Times, 0, n) // turn allocates nothing
	began := time.Now()
	var last time.Time
	err := l.run(c.period, func(due time.Time) bool {
		last = time.Now()
		late = append(late, max(0, last.Sub(due)))
		return len(late) < n && last.Sub(began) < c.length
	})
	switch {
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, os.ErrPermission):
		fmt.Fprintf(out, "  %-24s  not here: %v\n", l.name, err)
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", l.name, err)
	}
	// How many turns fewer than periods there were: those that were missed, and those that drift has cost.
	behind := int(last.Sub(began)/c.period) - len(late)
	fmt.Fprintf(out, "  %-24s%8s%10s%10s%10d%10d\n", l.name,
		urgent.Micro(late.At(0.5)), urgent.Micro(late.At(0.99)), urgent.Micro(late.At(1)), len(late), max(0, behind))
	return nil
}

// pauses says how often and for how long at most the collector has stopped the world.
func pauses() string {
	s := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindFloat64Histogram {
		return "for a time that this release of Go does not tell."
	}
	h := s[0].Value.Float64Histogram()
	var n uint64
	longest := 0.0
	for i, count := range h.Counts {
		if n += count; count > 0 {
			longest = h.Buckets[i+1]
			if math.IsInf(longest, 0) {
				longest = h.Buckets[i]
			}
		}
	}
	return fmt.Sprintf("%d times, for at most %s (runtime/metrics: %s).", n, urgent.Micro(time.Duration(longest*1e9)), s[0].Name)
}
