// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/sync/atomic"
)

// additions is a test whose goroutines add one by a load and a store.
func additions(x *Run) {
	var n atomic.Uint32
	for range 2 {
		x.Go(func() { n.Store(n.Load() + 1) })
	}
	x.Wait()
	x.Assert(n.Load() == 2, "counted %d", n.Load())
}

// TestFind explores without the command: the code itself uses the replacements that the command would substitute.
func TestFind(t *testing.T) {
	found := Options{}.find(t, additions)
	if found == nil || found.Kind != "assertion" || found.Message != "counted 1" {
		t.Fatalf("found %v, want the assertion that it counted 1", found)
	}
	if !strings.Contains(found.Table, "-replay '"+found.Schedule+"'") {
		t.Errorf("the table does not say how to replay %q:\n%s", found.Schedule, found.Table)
	}
	if again := (Options{}).find(t, additions); *again != *found {
		t.Errorf("found %v the second time, with the schedule %s and not %s", again, again.Schedule, found.Schedule)
	}
	if found := (Options{Preemptions: 1}).find(t, func(x *Run) { x.Go(func() {}) }); found != nil {
		t.Errorf("found %v in a test that is right", found)
	}
	t.Setenv(environment, "replay="+found.Schedule)
	if again := (Options{}).find(t, additions); again == nil || again.Schedule != found.Schedule {
		t.Errorf("replayed %v, want %v", again, found)
	}
}

// TestSwapOrders swaps a word for the value that it already has. Like any swap, this orders memory for goroutines that see
// the word later, and for no others.
func TestSwapOrders(t *testing.T) {
	if found := (Options{}).find(t, func(x *Run) {
		var news Var[int]
		var permit atomic.Uint32
		gave := false
		x.Go(func() { permit.Swap(1) })
		x.Go(func() { news.Store(1); permit.Swap(1); gave = true })
		x.Go(func() {
			if permit.CompareAndSwap(1, 0) && gave {
				news.Load()
			}
		})
	}); found != nil {
		t.Errorf("found %v", found)
	}
	if found := (Options{}).find(t, func(x *Run) {
		var news Var[int]
		var permit atomic.Uint32
		permit.Store(1)
		x.Go(func() { news.Store(1); permit.Swap(1) })
		x.Go(func() { permit.Load(); news.Load() })
	}); found == nil || found.Kind != "data race" {
		t.Errorf("found %v, want a data race", found)
	}
}

// TestNested calls Find in an explored function.
func TestNested(t *testing.T) {
	found := Options{}.find(t, func(*Run) { Options{}.find(t, additions) })
	if found == nil || found.Kind != "panic" || !strings.Contains(found.Message, "one after another") {
		t.Errorf("found %v, want a panic", found)
	}
}

// TestAfterExploring uses a Run after its execution, and calls Wait where it must not be called.
func TestAfterExploring(t *testing.T) {
	var x *Run
	if found := (Options{}).find(t, func(run *Run) { x = run }); found != nil {
		t.Fatal(found)
	}
	for name, f := range map[string]func(){
		"Go":     func() { x.Go(func() {}) },
		"Wait":   func() { x.Wait() },
		"Assert": func() { x.Assert(false, "late") },
		"Choose": func() { x.Choose(2) },
	} {
		func() {
			defer func() {
				if p := recover(); p != "explore: Run."+name+" called after the Run's execution has ended" {
					t.Errorf("%s panics with %v", name, p)
				}
			}()
			f()
		}()
	}
	for _, c := range []struct {
		f    func(*Run)
		want string
	}{
		{func(*Run) { x.Assert(false, "of another execution") }, "after the Run's execution"},
		{func(x *Run) { x.Go(func() { x.Wait() }) }, "by a goroutine other than"},
	} {
		if found := (Options{}).find(t, c.f); found == nil || found.Kind != "panic" || !strings.Contains(found.Message, c.want) {
			t.Errorf("found %v, want a panic with %q", found, c.want)
		}
	}
}

// TestFindComplete bounds an exploration. That fails the test if Complete is set.
func TestFindComplete(t *testing.T) {
	for _, complete := range []bool{false, true} {
		inner := &told{TB: t}
		o := Options{Executions: 1, Complete: complete}
		if found := o.find(inner, additions); found != nil || inner.errors != 0 && !complete || inner.errors != 1 && complete {
			t.Errorf("Complete: %t: found %v, and the test failed %d times", complete, found, inner.errors)
		}
	}
	t.Setenv(environment, "executions=1")
	inner := &told{TB: t}
	if (Options{Complete: true}).find(inner, additions); inner.errors != 0 {
		t.Error("the test failed since the command has bounded it")
	}
	endless := func(*Run) {
		var n atomic.Uint32
		for {
			n.Add(1)
		}
	}
	for bounds, errors := range map[string]int{"time=10s": 1, "steps=100": 0} {
		t.Setenv(environment, bounds)
		inner := &told{TB: t}
		if (Options{Complete: true, Steps: 200}).find(inner, endless); inner.errors != errors {
			t.Errorf("with %s, a test that never ends failed %d times, want %d", bounds, inner.errors, errors)
		}
	}
}

// TestTime checks the default time of an exploration.
func TestTime(t *testing.T) {
	for _, c := range []struct {
		o    Options
		env  string
		want time.Duration
	}{
		{Options{}, "", 30 * time.Second},
		{Options{Complete: true}, "", 5 * time.Minute},
		{Options{Complete: true, Time: time.Second}, "", time.Second},
		{Options{Complete: true, Time: time.Second}, "time=1h", time.Hour},
	} {
		t.Setenv(environment, c.env)
		if e, _, err := c.o.engine(); err != nil || e.Time != c.want {
			t.Errorf("%+v with %q: %v, %v, want %v", c.o, c.env, e.Time, err, c.want)
		}
	}
}

// TestFindNotExploring checks that Find skips a test that the command does not run, and logs why.
func TestFindNotExploring(t *testing.T) {
	inner := &told{TB: t}
	func() {
		defer func() { recover() }()
		Find(inner, additions)
	}()
	if !strings.Contains(inner.skipped, "the command explore") {
		t.Errorf("skipped with the reason %q", inner.skipped)
	}
}

// A told is a test that records its failures and its logs.
type told struct {
	testing.TB
	errors  int
	skipped string
}

func (t *told) Error(...any) { t.errors++ }

func (t *told) Skip(args ...any) {
	t.skipped = args[0].(string)
	panic("skipped")
}

// TestKilled has a goroutine kill its own process while another goroutine of the process stores: Wait waits for
// neither.
func TestKilled(t *testing.T) {
	ends := map[uint32]bool{}
	if found := (Options{}).find(t, func(x *Run) {
		var n atomic.Uint32
		p := x.Process()
		p.Go(func() {
			p.Kill()
			x.Assert(false, "it goes on after its death")
		})
		p.Go(func() { n.Store(1); n.Store(2) })
		x.Wait()
		ends[n.Load()] = true
	}); found != nil {
		t.Errorf("found %v", found)
	}
	if len(ends) != 3 {
		t.Errorf("the words were %v, want 0, 1 and 2", ends)
	}
}
