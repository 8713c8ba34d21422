// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/race"
)

var seedFlag = flag.Uint64("locktest.seed", 0, "seed of the random choices of a check; 0 takes a new one")

// tb is what a check uses of a *testing.T. The package's own tests pass something that
// records the failure of a broken lock.
type tb interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// An env is what a check works with.
type env struct {
	tb
	start    Start
	patience time.Duration // how long nothing may happen before a wait counts as hung
	steps    atomic.Int64  // signs of life of the workers
	seed     uint64
	config
}

func newEnv(t tb, start Start, c config) *env {
	e := &env{tb: t, start: start, patience: *patienceFlag, seed: *seedFlag, config: c}
	if e.seed == 0 {
		e.seed = rand.Uint64()
	}
	t.Logf("seed %d", e.seed)
	return e
}

// rand returns the source of random numbers for worker number i.
func (e *env) rand(i int) *rand.Rand { return rand.New(rand.NewPCG(e.seed, uint64(i))) }

// times returns how often to repeat something: n, or a tenth of it in short mode and for slow
// locks. Where workers are threads it is a quarter: they switch a hundred times slower.
func (e *env) times(n int) int {
	if e.start.Threads && !e.brief() {
		n /= 4
	}
	return e.scaled(n)
}

// scaled returns n, or a tenth of it in short mode and for slow locks.
func (e *env) scaled(n int) int {
	if e.brief() {
		n /= 10
	}
	return max(n, 1)
}

func (e *env) brief() bool { return testing.Short() || e.slow }

// many returns how many workers a check of many may start.
func (e *env) many() int {
	if e.start.Threads {
		return e.scaled(300)
	}
	return e.scaled(2000)
}

// rounds counts up to n, as range n does, for a worker that repeats something. Each round is a
// sign of life.
func (e *env) rounds(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
			e.step()
		}
	}
}

// step counts a sign of life. The race detector must not take it for an order among workers, which
// the lock has to make. Only work that ends by itself may call it: endless work would hide a starved worker.
func (e *env) step() {
	race.Disable()
	e.steps.Add(1)
	signs.Add(1)
	race.Enable()
}

// silence returns a function that reports whether no worker has made a step for too long.
func (e *env) silence() func() bool {
	steps, since := e.steps.Load(), time.Now()
	return func() bool {
		if n := e.steps.Load(); n != steps {
			steps, since = n, time.Now()
		}
		return time.Since(since) > e.patience
	}
}

// eventually waits until cond holds.
func (e *env) eventually(what string, cond func() bool) {
	e.Helper()
	silent := e.silence()
	for i := 0; !cond(); i++ {
		switch {
		case i < 1000:
			runtime.Gosched()
		case !silent():
			time.Sleep(20 * time.Microsecond)
		default:
			e.stuck(what)
		}
	}
}

// finish runs f, and fails the check if it does not return.
func (e *env) finish(what string, f func()) {
	e.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	look := time.NewTicker(e.patience / 10)
	defer look.Stop()
	for silent := e.silence(); ; {
		select {
		case <-done:
			return
		case <-look.C:
			if silent() {
				e.stuck(what)
			}
		}
	}
}

// stuck fails the check, and shows the stacks of the goroutines.
func (e *env) stuck(what string) {
	e.Helper()
	if _, ok := e.tb.(*testing.T); ok { // not a test of this package's with a broken lock
		Hung()
	}
	stacks := make([]byte, 256<<10)
	stacks = stacks[:runtime.Stack(stacks, true)]
	e.Fatalf("%s: nothing happened for %v, after %d rounds; the goroutines:\n%s",
		what, e.patience, e.steps.Load(), stacks)
}

// took checks how long a wait that began at start and timed out after d has lasted: never
// less, and not so much more that it must have hung.
func (e *env) took(what string, start time.Time, d time.Duration) {
	e.Helper()
	if got := time.Since(start); got < d || got > d+e.patience {
		e.Errorf("%s lasted %v, want at least %v and not a minute more", what, got, d)
	}
}

// noAllocs checks that f allocates nothing.
func (e *env) noAllocs(what string, f func()) {
	e.Helper()
	if e.allocates {
		return
	}
	if n := allocs.PerRun(e.tb, 100, f); n != 0 {
		e.Errorf("%s allocates %v times, want 0", what, n)
	}
}

// panics checks that f panics, and returns the value.
func (e *env) panics(what string, f func()) (value any) {
	e.Helper()
	defer func() {
		if value = recover(); value == nil {
			e.Errorf("%s: no panic", what)
		}
	}()
	f()
	return nil
}

// goroutines checks that no more goroutines are left than there were before.
func (e *env) goroutines(before int) {
	e.Helper()
	e.eventually("goroutines of waits that were given up have to end", func() bool {
		return runtime.NumGoroutine() <= before
	})
}

// panicsWith checks that f panics with a message that contains want, in upper or lower case.
func (e *env) panicsWith(want string, f func()) {
	e.Helper()
	if got := fmt.Sprint(e.panics(want, f)); !strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
		e.Errorf("panic with %q, want it to say %q", got, want)
	}
}
