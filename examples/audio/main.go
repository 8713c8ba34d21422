// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command audio compares ways to share parameters between goroutines and an audio thread, which must fill a buffer in each
// period. It needs no sound card: a thread that wakes up at the end of each period stands for the device.
//
// Watch for: the longest time that the thread has waited for its parameters. Where it can wait for a goroutine, it waits for
// all that can happen to a goroutine. The first two rows share nothing, and differ in one number: GOMAXPROCS.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/examples/internal/urgent"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/thread"
)

const about = `audio compares ways to share parameters between goroutines and an audio thread, which must fill a
buffer in each period. docs/audio.md explains what it shows.`

// spare is by how many GOMAXPROCS is raised, so that the audio thread, when it wakes, finds a P free, without which no thread runs Go code.
// The scheduler does not know of priorities; the kernel does.
const spare = 4

// A config is what the flags say.
type config struct {
	period time.Duration
	length time.Duration // of each measurement
	hold   time.Duration // how long a goroutine builds a change
}

func main() {
	var c config
	flag.DurationVar(&c.period, "period", 5*time.Millisecond, "the `time` between two buffers")
	flag.DurationVar(&c.length, "for", 500*time.Millisecond, "how `long` to measure each way")
	flag.DurationVar(&c.hold, "hold", 100*time.Microsecond, "how `long` a goroutine takes to build a change")
	program.Main(about, func(out io.Writer) error { return run(out, c) })
}

// A result is what became of one way.
type result struct {
	class   string // of the thread
	periods int
	waits   urgent.Times // for the parameters
	late    urgent.Times // from when a buffer was due to be begun until it was full
	missed  int          // buffers that were full after the end of the period, or not begun
	kept    int          // periods in which the last parameters were used again
	torn    int          // parameters of two changes
}

func run(out io.Writer, c config) error {
	if c.period <= 0 || c.length <= 0 || c.hold < 0 {
		return errors.New("the times must be positive")
	}
	if runtime.GOARCH == "wasm" {
		return fmt.Errorf("%w: there are no threads", errors.ErrUnsupported)
	}
	paint := terminal.Colors(terminal.HasColor(out))
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	nothing := way{"nothing shared", false, func() sharing {
		return sharing{change: func(func(*params)) { time.Sleep(time.Millisecond) }, latest: func(*params) bool { return true }}
	}}
	measured := func(w way, procs int) result {
		runtime.GOMAXPROCS(procs)
		return measure(c, w.share(), runtime.NumCPU())
	}

	first := measured(nothing, procs)
	fmt.Fprintf(out, "A buffer each %v, for %v; %d goroutines compute and make garbage, 4 change parameters.\nThe thread has %s\n\n",
		c.period, c.length, runtime.NumCPU(), first.class)
	fmt.Fprintln(out, paint(terminal.Bold, fmt.Sprintf("%-34s%16s%14s%9s%8s", "", "longest wait", "latest end", "", "kept")))
	fmt.Fprintln(out, paint(terminal.Bold, fmt.Sprintf("%-34s%16s%14s%9s%8s", "", "for parameters", "of a buffer", "missed", "last")))
	row := func(name string, r result) {
		missed := fmt.Sprintf("%9d", r.missed)
		if r.missed > 0 {
			missed = paint(terminal.Red, missed)
		}
		fmt.Fprintf(out, "%-34s%16s%14s%s%8d\n", name, urgent.Micro(r.waits.At(1)), urgent.Micro(r.late.At(1)), missed, r.kept)
	}
	row(fmt.Sprintf("nothing shared, GOMAXPROCS=%d", procs), first)
	row(fmt.Sprintf("nothing shared, GOMAXPROCS=%d", procs+spare), measured(nothing, procs+spare))
	fmt.Fprintf(out, "\nwith GOMAXPROCS=%d:\n", procs+spare)
	var errs []error
	last := true
	for _, w := range ways {
		if w.name == "native.PIMutex.Lock" && native.Supported() != nil {
			fmt.Fprintf(out, "%-34s not on this system: %v\n", w.name, native.Supported())
			continue
		}
		if last && !w.waits {
			fmt.Fprintln(out)
		}
		last = w.waits
		r := measured(w, procs+spare)
		row(w.name, r)
		if r.torn > 0 {
			errs = append(errs, fmt.Errorf("%s: %d of %d parameters were of two changes", w.name, r.torn, r.periods))
		}
	}
	fmt.Fprintf(out, `
Above the gap the audio thread waits for goroutines; below it, for none. What is left there is the machine's and the
Go scheduler's, as where nothing is shared. Run it with -for 10s: the longest of anything takes time to come.
`)
	return errors.Join(errs...)
}

// measure has an audio thread and goroutines share parameters, with busy goroutines beside them.
func measure(c config, s sharing, busy int) (r result) {
	var version atomic.Uint64
	var end atomic.Bool
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !end.Load() {
				s.change(func(p *params) {
					p.set(version.Add(1)) // half of a change, until the end of build, is invisible
					urgent.Work(c.hold)
					p.set(p.version)
				})
				time.Sleep(c.hold) // others want processors, too
			}
		})
	}
	stop := urgent.Load(busy)
	defer stop()
	defer wg.Wait()
	defer end.Store(true)

	n := int(c.length/c.period) + 1
	r.waits, r.late = make(urgent.Times, 0, n), make(urgent.Times, 0, n) // the loop allocates nothing
	err := thread.Spawn(func() error {
		thread.Discard() // however far Raise comes
		r.class = urgent.Raise(c.period, c.period/5)
		var p params
		buffer := make([]float32, 256)
		began := time.Now()
		ticker := thread.NewTicker(c.period)
		for due := ticker.Due(); r.periods < n && due.Sub(began) <= c.length+c.period; due = ticker.Due() {
			missed := ticker.Next()
			before := time.Now()
			if !s.latest(&p) {
				r.kept++
			}
			r.waits = append(r.waits, time.Since(before))
			if !p.whole() {
				r.torn++
			}
			fill(buffer, &p)
			late := time.Since(due)
			r.late = append(r.late, late)
			r.missed += missed
			if missed == 0 && late > c.period {
				r.missed++
			}
			r.periods++
		}
		return nil
	}).Join()
	if err != nil {
		panic(err) // the function returns none
	}
	return r
}

// fill is the work of the audio thread: some thousand steps of arithmetic, no call, no allocation.
func fill(buffer []float32, p *params) {
	x := float32(p.version % 1000)
	for i := range buffer {
		for _, g := range p.gain {
			x = 0.5*x + float32(g)*1e-9
		}
		buffer[i] = x
	}
}
