// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"fmt"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Check runs f repeatedly, each time with a different order of the steps of the goroutines that f starts, until it has
// seen every order that can make a difference, or has reached a bound. It fails t with a table of the steps if an
// execution of f
//
//   - fails an assertion, panics, or calls a method of t that fails it;
//   - reaches a point where no goroutine can go on (a deadlock, a lost wake-up, a spin loop that never ends);
//   - returns while goroutines are still asleep;
//   - has a data race on a [Var], or on any variable under the command's flag -vars.
//
// The command explore makes the orders possible: it runs the tests of a package over a copy of the source in
// which each atomic operation, lock, channel, timer and so on is a step. Under plain go test, Check runs f as a
// stress test: about a thousand times, with ordinary goroutines.
//
// f must be deterministic: it must do the same whenever the steps come in the same order. It must use no clock, random
// numbers or map iteration other than those that the command replaces. Each call must start afresh, with its own locks;
// package-level variables of the explored packages are reset to their initial values between executions.
//
// Check logs a summary of what it explored. If several tests call Check at the same time, they take turns.
func Check(t testing.TB, f func(x *Run)) {
	t.Helper()
	Options{}.Check(t, f)
}

// Options are bounds on what Check explores. The zero value of each field selects its default. The flags of the command
// explore override the fields.
type Options struct {
	// Preemptions limits the exploration to executions with at most this many preemptions: switches away from a
	// goroutine that could go on. 0 means no bound. Two are enough for most bugs. A bound is cheaper than exploring all
	// orders only if it is small and the test is large, since part of the reduction does not work with a bound.
	Preemptions int
	// Steps is the maximum number of steps of an execution. Longer executions are cut off. The default is 10,000.
	Steps int
	// Executions and Time end the exploration. By default the number of executions is not bounded, and the time is 30
	// seconds, or five minutes if Complete is set.
	Executions int
	Time       time.Duration
	// Spins is how often a goroutine may reread the same unchanged words at the same place before it has to wait for a
	// change: the explorer follows each spin loop for this many iterations. The default is 2. A loop that gives up after n
	// iterations, and then does something else, needs n.
	Spins int
	// TimeJumps is how often, for each goroutine, time may jump ahead by a second when the goroutine reads the clock.
	// Timers and deadlines need no jumps: they can expire at any moment.
	TimeJumps int
	// Spurious is how many of each goroutine's futex sleeps may end with a spurious wake-up. The default is none. A
	// spurious wake-up can hide a lost wake-up, since it ends a wait that would otherwise last forever, so explore
	// without any, too.
	Spurious int
	// Procs is what runtime.GOMAXPROCS and runtime.NumCPU return. The default is 1, with which most locks do not spin.
	Procs int
	// Mode chooses the executions.
	Mode Mode
	// Depth is for the mode [PCT]: the number of steps that must come in a certain order for the bug to show. The
	// default is 3.
	Depth int
	// Seed is for the random modes. The default is a different seed each time; Check logs it.
	Seed uint64
	// Complete makes Check fail if a bound left something out, unless the bound was set by a flag of the command.
	Complete bool
}

// A Mode is a strategy for choosing executions.
type Mode int

const (
	// Exhaustive explores every order of dependent steps once, within the bounds.
	Exhaustive Mode = iota
	// PCT gives the goroutines random priorities, which change at random steps. It is for tests that are too large for
	// Exhaustive. It finds a bug that depends on the order of few steps with a known probability, which Check logs.
	PCT
	// Random chooses each step at random.
	Random
)

// A Run is one execution of the checked function.
//
// Its methods may be called until the execution ends, by the checked function and the goroutines that it starts.
type Run struct {
	t       testing.TB
	main    *engine.Thread // nil in a stress test
	started int            // goroutines that Wait has not yet waited for
	ended   *engine.Waiter // woken by each goroutine that ends
	stress  *stress
	over    bool // the execution has ended
}

// Go calls f in a new goroutine. It may be called by the checked function and by the goroutines that it has started.
func (x *Run) Go(f func()) {
	if x.main == nil {
		x.stress.start(f)
		return
	}
	t := x.self("Go")
	x.started++
	t.Go(func() {
		f()
		x.ended.Wake(engine.Self())
	})
}

// A Process is a group of goroutines that can be killed together, as an operating system kills a process: the goroutines that its
// Go method started, and the goroutines that those started. In every other respect they are ordinary goroutines: the test itself
// must keep apart what is private to a process, such as its memory.
type Process struct {
	run     *Run
	p       *engine.Process // nil in a stress test
	started int             // goroutines that have not ended
}

// Process returns a new process without goroutines.
func (x *Run) Process() *Process {
	p := &Process{run: x}
	if x.main != nil {
		p.p = x.self("Process").NewProcess()
	}
	return p
}

// Go calls f in a new goroutine of p. [Run.Wait] waits for it as for any other. Go panics if p was killed.
func (p *Process) Go(f func()) {
	x := p.run
	if x.main == nil {
		x.stress.start(f)
		return
	}
	t := x.self("Go")
	x.started++
	p.started++
	child := t.GoIn(p.p, func() {
		f()
		p.started--
		x.ended.Wake(engine.Self())
	})
	if child == nil {
		panic("explore: Process.Go called after Kill")
	}
}

// Kill kills the goroutines of p, wherever they are: none of them makes another step, and the locks that they hold stay held for
// ever. Their deferred calls run when the execution is over, and the steps of those calls do not count. Wait no longer waits for
// the killed goroutines.
//
// Kill is a step of the calling goroutine. As with any two steps whose order matters, the exploration tries it before each step
// of p, and after the last one; with bounded preemptions it is a switch like any other. A kill that may or may not happen is a
// choice:
//
//	x.Go(func() {
//		if x.Choose(2) == 1 {
//			p.Kill()
//			… // what the system does for the survivors
//		}
//	})
//
// A goroutine of p that calls Kill is killed, too: Kill does not return. Everything that p did before it was killed is
// synchronized before the return from Kill. Kill reports whether it killed p: in a stress test it cannot kill goroutines,
// and does nothing.
func (p *Process) Kill() bool {
	x := p.run
	if x.main == nil {
		return false
	}
	t := x.self("Kill")
	t.Kill(p.p, func() {
		for ; p.started > 0; p.started-- {
			x.ended.Wake(t)
		}
	})
	return true
}

// Wait blocks until the goroutines that Go started have ended. Only the checked function may call it. It need not:
// Check waits for all goroutines.
func (x *Run) Wait() {
	if x.main == nil {
		x.stress.wait()
		return
	}
	if x.self("Wait") != x.main {
		panic("explore: Run.Wait called by a goroutine other than that of the checked function")
	}
	for ; x.started > 0; x.started-- {
		x.ended.Sleep("Wait", nil)
	}
}

// Assert fails the test and ends the execution if ok is false. It formats the message as fmt.Sprintf does.
func (x *Run) Assert(ok bool, format string, args ...any) {
	if ok {
		return
	}
	message := fmt.Sprintf(format, args...)
	if x.main == nil {
		x.t.Error("explore: " + message) // not Fatal: this may be any goroutine
		return
	}
	x.self("Assert").Fail("assertion", message)
}

// Choose returns a number from 0 to n-1. The exploration tries each of them; a stress test picks one at random. Use
// Choose for what the environment decides, such as whether a system call fails.
func (x *Run) Choose(n int) int {
	if x.main == nil {
		return x.stress.choose(n)
	}
	return x.self("Choose").Choose("Choose", n)
}

// self returns the goroutine that called a method of x.
func (x *Run) self(method string) *engine.Thread {
	t := engine.Self()
	switch {
	case x.over:
		panic("explore: Run." + method + " called after the Run's execution has ended")
	case t == nil:
		panic("explore: Run." + method + " called by a goroutine that is not explored: the package that starts it was not rewritten")
	}
	return t
}

// Exploring reports whether x is part of an exploration, and not of a stress test.
func (x *Run) Exploring() bool { return x.main != nil }
