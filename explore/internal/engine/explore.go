// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/osync-go/osync/internal/goid"
)

// Options are the bounds and hooks of an exploration.
type Options struct {
	Mode        Mode
	Preemptions int           // in an execution, at most; negative: any number
	Steps       int           // of an execution, at most; longer ones are cut off
	Executions  int           // at most; 0: any number
	Time        time.Duration // at most; 0: any
	Spins       int           // how often a thread may reread the same unchanged words before it waits for a change
	Jumps       int           // how often the clock of each thread may jump by a second
	Spurious    int           // how many kernel sleeps of each thread may end with a spurious wake-up
	Procs       int           // what runtime.GOMAXPROCS returns
	Depth       int           // of PCT: how many ordered steps trigger the bug
	Seed        uint64        // of the random modes; 0: from the clock
	Replay      Schedule      // of Mode Replay

	// Reset resets package-level variables to their initial values. It is called before each execution.
	Reset func()
	// Failed reports whether the test itself has failed. It may be nil.
	Failed func() bool
	// Progress is called about once a second. It may be nil.
	Progress func(*Result)
	// Stuck is called, by another goroutine, if the explored code blocks outside the explorer. It must end the process.
	Stuck func(message string)
	// Exited is called if the explored code ends its goroutine with runtime.Goexit, as t.FailNow does, which also ends
	// the goroutine that called Explore. It may be nil.
	Exited func(*Result)

	unreduced bool // explore all orders, for tests of the reduction
	unshort   bool // do not shorten the schedule of a failure
}

// A Mode is a strategy for choosing executions.
type Mode uint8

const (
	Exhaustive Mode = iota // every order of dependent steps
	PCT                    // random priorities
	Random                 // a random walk
	Replay                 // one schedule
)

// String returns the name of m.
func (m Mode) String() string {
	return [...]string{"exhaustive", "PCT", "random", "replay"}[m]
}

// Explore runs body repeatedly, each time with a different order of the steps of its goroutines. The goroutine that
// runs body is thread 0.
func Explore(o Options, body func(*Thread)) *Result {
	o.setDefaults()
	x := &execution{options: o, objects: newObjects(), owned: map[owned]any{}, shadow: map[uintptr]*shadow{}}
	x.newerThan = newestGoroutine()
	e := &explorer{x: x, body: body, result: &Result{Mode: o.Mode.String()}, start: time.Now()}
	e.strategy = e.newStrategy()
	x.strategy = e.strategy
	returned := false
	defer func() {
		if !returned && x.failure != nil && o.Exited != nil {
			e.exited()
			o.Exited(e.result)
		}
	}()
	defer x.close()
	defer x.watch()()
	defer x.end() // if it does not return
	e.run()
	returned = true
	return e.result
}

// exited completes the result if the explored code ended the goroutine of Explore. Another goroutine runs the schedule
// once more, to trace it.
func (e *explorer) exited() {
	x := e.x
	f, schedule := x.failure, runs(x.schedule)
	f.Schedule, f.Trace = schedule.String(), x.trace
	e.result.Failure = f
	e.count()
	e.conclude(false)
	if x.options.Mode == Replay {
		return
	}
	f.Execution = e.result.Executions
	o := x.options
	o.Mode, o.Replay = Replay, schedule
	o.Exited = func(r *Result) {
		if r.Failure.Kind == f.Kind {
			r.Failure.Execution = f.Execution
			e.result.Failure = r.Failure
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		Explore(o, e.body)
	}()
	<-done
}

// newestGoroutine returns a number that no goroutine has yet, and that all but the next few goroutines will exceed. The
// runtime gives each processor 16 numbers at a time.
func newestGoroutine() (number uint64) {
	done := make(chan uint64)
	go func() {
		_, id := goid.Self()
		done <- id
	}()
	return <-done + 16*uint64(runtime.GOMAXPROCS(0))
}

func (o *Options) setDefaults() {
	if o.Steps == 0 {
		o.Steps = 10_000
	}
	if o.Spins == 0 {
		o.Spins = 2
	}
	o.Procs = max(o.Procs, 1)
	if o.Depth == 0 {
		o.Depth = 3
	}
	if o.Mode != Exhaustive {
		o.Seed = seedOr(o.Seed)
	}
}

// An explorer is a call of Explore.
type explorer struct {
	x        *execution
	body     func(*Thread)
	strategy strategy
	result   *Result
	start    time.Time
	reported time.Time
}

func (e *explorer) newStrategy() strategy {
	o := &e.x.options
	random := sampling{rng: newRNG(o.Seed)}
	switch o.Mode {
	case PCT:
		return &pct{sampling: random, depth: o.Depth}
	case Random:
		return &walk{random}
	case Replay:
		return &follow{sampling: random, schedule: o.Replay}
	}
	return &search{}
}

// execute runs the body once, and returns the failure, if any.
func (e *explorer) execute() *Failure {
	x := e.x
	if x.options.Reset != nil {
		x.options.Reset()
	}
	x.run(e.body)
	if x.failure == nil && x.options.Failed != nil && x.options.Failed() {
		x.failure = &Failure{Kind: "assertion", Message: "the test has failed; see its messages", noted: true}
		x.noteThreads()
	}
	return x.failure
}

// run explores.
func (e *explorer) run() {
	r, x := e.result, e.x
	x.tracing = x.options.Mode == Replay
	for more := true; more; {
		failure := e.execute()
		e.count()
		if failure != nil {
			r.Failure = failure
			e.conclude(false)
			e.shorten()
			return
		}
		more = e.strategy.end()
		if limit := e.limit(); more && limit != "" {
			r.Bounds = append(r.Bounds, limit)
			e.conclude(false)
			return
		}
	}
	e.conclude(x.options.Mode == Exhaustive)
}

// count counts an execution.
func (e *explorer) count() {
	r, x := e.result, e.x
	r.Executions++
	r.Steps += len(x.events)
	r.Threads = max(r.Threads, len(x.threads))
	r.Depth = max(r.Depth, len(x.events))
}

// limit returns the bound that ends the exploration now, in words, or "".
func (e *explorer) limit() string {
	o, r := &e.x.options, e.result
	if o.Executions > 0 && r.Executions >= o.Executions {
		return fmt.Sprintf("%d executions", o.Executions)
	}
	if r.Executions%64 != 0 && r.Executions > 64 {
		return ""
	}
	now := time.Now()
	if o.Time > 0 && now.Sub(e.start) >= o.Time {
		return fmt.Sprint(o.Time)
	}
	if o.Progress != nil && now.Sub(e.reported) >= time.Second {
		e.reported = now
		e.tally()
		o.Progress(r)
	}
	return ""
}

// tally adds the counts of the strategy to the result.
func (e *explorer) tally() {
	e.result.Elapsed = time.Since(e.start)
	if s, ok := e.strategy.(*search); ok {
		e.result.Redundant, e.result.Cut = s.redundant, s.cuts
	}
}

// conclude completes the result. complete means that the search has explored everything.
func (e *explorer) conclude(complete bool) {
	e.tally()
	r, o := e.result, &e.x.options
	if s, ok := e.strategy.(*search); ok {
		if s.bounded {
			some := "preemptions"
			if o.Preemptions == 1 {
				some = "preemption"
			}
			r.Bounds = append(r.Bounds, fmt.Sprintf("at most %d %s", o.Preemptions, some))
		}
		if s.cuts > 0 {
			r.Bounds = append(r.Bounds, fmt.Sprintf("%d executions cut off after %d steps", s.cuts, o.Steps))
		}
	}
	if p, ok := e.strategy.(*pct); ok {
		n, k := float64(max(r.Threads, 1)), float64(max(p.steps, 1))
		each := 1 / (n * math.Pow(k, float64(p.depth-1)))
		all := -math.Expm1(float64(r.Executions) * math.Log1p(-each))
		r.Bounds = append(r.Bounds, fmt.Sprintf("a bug of depth %d in %d goroutines and %d steps is found with a probability of at least %.2g "+
			"in each execution, %.2g in all", p.depth, r.Threads, p.steps, each, all))
	}
	if f, ok := e.strategy.(*follow); ok {
		f.misfit = f.misfit || f.at < len(f.schedule)
		if f.misfit {
			r.Bounds = append(r.Bounds, "the schedule does not fit the test, and was followed only where it did")
		}
	}
	if o.Mode == PCT || o.Mode == Random {
		r.Bounds = append(r.Bounds, fmt.Sprintf("seed %d", o.Seed))
	}
	if e.x.strangers.Load() {
		r.Bounds = append(r.Bounds, "a goroutine that is not explored used an explored object: the package that starts it was not rewritten (see -with), "+
			"or another test runs at the same time")
	}
	if outside := e.x.outside.Load(); outside != nil {
		r.Outside = *outside
	}
	r.Complete = complete && r.Cut == 0 && !e.x.strangers.Load()
}
