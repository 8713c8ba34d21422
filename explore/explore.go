// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"fmt"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Check runs f again and again, each time in another order of the steps of the goroutines that f starts,
// until it has seen every order that can make a difference, or has come to a bound. It fails t with a table
// of the steps if an execution of f
//
//   - fails an assertion, panics, or calls a method of t that fails it;
//   - comes to a point where no goroutine can go on (a deadlock, a lost wake-up, a spin loop that never ends);
//   - returns while goroutines are still asleep;
//   - has a data race on a [Var], or on any variable under the command's flag -vars.
//
// The command explore makes the orders possible: it runs the tests of a package over a copy of the source in
// which each atomic operation, lock, channel, timer and so on is a step. Under plain go test, Check runs f as a
// stress test: about a thousand times, with ordinary goroutines.
//
// f must do the same whenever the steps come in the same order: no clock, no random numbers, no map iteration but
// those that the command replaces. Each call starts afresh, with its own locks; what it leaves in package-level
// variables of the explored packages is put back.
//
// Check logs what it has explored. Tests that call it at the same time take turns.
func Check(t testing.TB, f func(x *Run)) {
	t.Helper()
	Options{}.Check(t, f)
}

// Options are bounds on what Check explores. The zero value of each field is its default. The flags of
// the command explore override them.
type Options struct {
	// Preemptions bounds the executions to those with at most so many preemptions: switches away from a
	// goroutine that could go on. 0 is no bound. Most bugs need two. A bound takes less than all orders do only if
	// it is small and the test is large, since part of the reduction does not work with it.
	Preemptions int
	// Steps is how long an execution may be. Longer ones are cut off. The default is 10,000.
	Steps int
	// Executions and Time end the exploration. The defaults are no bound, and 30 seconds, or five minutes if it is to be
	// complete.
	Executions int
	Time       time.Duration
	// Spins is how often a goroutine may read the same words again at the same place, unchanged, before it has to wait for
	// a change: every spin loop is followed for so many turns. The default is 2. A loop that gives up
	// after n turns, and does something else then, needs n.
	Spins int
	// TimeJumps is how often time may jump ahead by a second, for each goroutine, when it looks at the
	// clock. Timers and deadlines need no jumps: they end at any moment.
	TimeJumps int
	// Spurious is how many sleeps of each goroutine in a futex call may end for no reason. The default is
	// none. A wait that a spurious wake-up helps on is no longer seen to wait for ever, so explore with none, too.
	Spurious int
	// Procs is what runtime.GOMAXPROCS and runtime.NumCPU return. The default is 1, for which most
	// locks do not spin.
	Procs int
	// Mode chooses the executions.
	Mode Mode
	// Depth is for the mode [PCT]: how many steps must come in a certain order for the bug to show. The
	// default is 3.
	Depth int
	// Seed is for the random modes. The default is another one each time; it is logged.
	Seed uint64
	// Complete makes Check fail if a bound has left something out, unless it is a bound of the command.
	Complete bool
}

// A Mode is a way to choose executions.
type Mode int

const (
	// Exhaustive explores every order of dependent steps, once, within the bounds.
	Exhaustive Mode = iota
	// PCT gives the goroutines random priorities, which change at random steps. It is for what is too
	// large for Exhaustive, and finds a bug that depends on the order of few steps with a known
	// probability, which Check logs.
	PCT
	// Random chooses each step at random.
	Random
)

// A Run is one execution of the function that is checked.
//
// It is of use until the execution ends, to the function that is checked and to the goroutines that this starts.
type Run struct {
	t       testing.TB
	main    *engine.Thread // nil in a stress test
	started int            // goroutines that Wait has not waited for
	ended   *engine.Waiter // woken by each goroutine that ends
	stress  *stress
	over    bool // the execution has ended
}

// Go starts a goroutine. The function that is checked, or a goroutine that it has started, calls it.
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

// A Process is a group of goroutines that can be killed at once, as a system kills a process: the goroutines that its Go has
// started, and those that they have. Nothing else makes it a process: what is private to one, such as its memory, is for the test
// to keep apart.
type Process struct {
	run     *Run
	p       *engine.Process // nil in a stress test
	started int             // goroutines that have not ended
}

// Process returns a process without goroutines.
func (x *Run) Process() *Process {
	p := &Process{run: x}
	if x.main != nil {
		p.p = x.self("Process").NewProcess()
	}
	return p
}

// Go starts a goroutine in p, for which [Run.Wait] waits as for others. It panics if p was killed.
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
		panic("explore: Process.Go is called for a process that was killed")
	}
}

// Kill kills the goroutines of p, wherever they are: none of them makes another step, and what they hold, they hold for
// ever. Their deferred calls come when the execution is over, and no step of these counts. Wait does not wait for them any more.
//
// It is a step of the goroutine that calls it. The exploration makes it before each step of p, and after the last one, as it does
// with any two steps whose order matters; with bounded preemptions it is a switch like any other. A kill that need
// not come is a choice:
//
//	x.Go(func() {
//		if x.Choose(2) == 1 {
//			p.Kill()
//			… // what the system does for those that live
//		}
//	})
//
// A goroutine of p that calls Kill is killed, too: it does not return. What p has done before is synchronized before Kill
// returns. Kill reports whether it has killed p: in a stress test it cannot, and does nothing.
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

// Wait waits until the goroutines that Go has started have ended. The function that is checked calls it. It
// need not: Check waits for all goroutines.
func (x *Run) Wait() {
	if x.main == nil {
		x.stress.wait()
		return
	}
	if x.self("Wait") != x.main {
		panic("explore: Run.Wait is called by a goroutine other than that of the function that is checked")
	}
	for ; x.started > 0; x.started-- {
		x.ended.Sleep("Wait", nil)
	}
}

// Assert fails the test, and ends the execution, if ok is false. The message is formatted as by fmt.Sprintf.
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

// Choose returns a number from 0 up to n-1. The exploration tries each; a stress test draws one. Use it for
// what the environment decides, such as whether a system call fails.
func (x *Run) Choose(n int) int {
	if x.main == nil {
		return x.stress.choose(n)
	}
	return x.self("Choose").Choose("Choose", n)
}

// self returns the goroutine that has called a method of x.
func (x *Run) self(method string) *engine.Thread {
	t := engine.Self()
	switch {
	case x.over:
		panic("explore: Run." + method + " is called after the execution that the Run is of")
	case t == nil:
		panic("explore: Run." + method + " is called by a goroutine that is not explored, as the package that starts it was not rewritten")
	}
	return t
}

// Exploring reports whether x is part of an exploration, and not of a stress test.
func (x *Run) Exploring() bool { return x.main != nil }
