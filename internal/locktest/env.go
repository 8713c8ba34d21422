// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
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

// An env is what one check has to work with.
type env struct {
	tb
	start    Start
	patience time.Duration // how long a wait may last before it counts as hung
	seed     uint64
	config
}

func newEnv(t tb, start Start, c config) *env {
	e := &env{tb: t, start: start, patience: time.Minute, seed: *seedFlag, config: c}
	if e.seed == 0 {
		e.seed = rand.Uint64()
	}
	t.Logf("seed %d", e.seed)
	return e
}

// rand returns the source of random numbers for worker number i.
func (e *env) rand(i int) *rand.Rand { return rand.New(rand.NewPCG(e.seed, uint64(i))) }

// times returns n, or a tenth of it in short mode and for slow locks: how often to repeat
// something.
func (e *env) times(n int) int {
	if testing.Short() || e.slow {
		return max(n/10, 1)
	}
	return n
}

// many returns how many workers a check of many may start.
func (e *env) many() int {
	if e.start.Threads {
		return e.times(300)
	}
	return e.times(2000)
}

// eventually waits until cond holds.
func (e *env) eventually(what string, cond func() bool) {
	e.Helper()
	deadline := time.Now().Add(e.patience)
	for i := 0; !cond(); i++ {
		switch {
		case i < 1000:
			runtime.Gosched()
		case time.Now().Before(deadline):
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
	select {
	case <-done:
	case <-time.After(e.patience):
		e.stuck(what)
	}
}

func (e *env) stuck(what string) {
	e.Helper()
	stacks := make([]byte, 16<<10)
	stacks = stacks[:runtime.Stack(stacks, true)]
	e.Fatalf("%s: nothing happened for %v; the first goroutines:\n%s", what, e.patience, stacks)
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
	if n := testing.AllocsPerRun(100, f); n != 0 {
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
