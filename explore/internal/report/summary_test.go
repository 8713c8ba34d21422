// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

func TestSummary(t *testing.T) {
	counts := engine.Result{
		Mode: "exhaustive", Executions: 1234567, Redundant: 89, Steps: 4000000, Threads: 3, Depth: 41,
		Elapsed: 2500 * time.Millisecond, Complete: true,
	}
	if got, want := Summary(&counts), "exhaustive: 1,234,567 executions (89 redundant), 3 threads, 4,000,000 steps, depth 41, "+
		"2.50 s, 493,826/s\nevery interleaving"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	preemptions, steps := "at most 2 preemptions", "at most 500 steps"
	for _, c := range []struct {
		change func(*engine.Result)
		want   string
	}{
		{func(r *engine.Result) {}, "every interleaving"},
		{func(r *engine.Result) { r.Bounds = []string{preemptions} }, "every interleaving with at most 2 preemptions"},
		{func(r *engine.Result) { r.Bounds = []string{preemptions, steps} }, "every interleaving with at most 2 preemptions and at most 500 steps"},
		{
			func(r *engine.Result) { r.Outside = "sleep at wait.go:7" },
			"every interleaving\nbut a goroutine was seen blocked outside the explorer (sleep at wait.go:7): " +
				"what it waits for there is not explored. Was its package not rewritten? See -with",
		},
		{func(r *engine.Result) { r.Cut = 7 }, "every interleaving up to 41 steps"},
		{func(r *engine.Result) { r.Complete = false }, "some interleavings: stopped early"},
		{
			func(r *engine.Result) { r.Complete, r.Bounds = false, []string{"at most 10s"} },
			"some interleavings: stopped early: at most 10s",
		},
		{
			func(r *engine.Result) {
				r.Mode, r.Bounds = "PCT", []string{"a bug of depth 3 is found with probability 0.02 or more"}
			},
			"a sample of the interleavings: a bug of depth 3 is found with probability 0.02 or more",
		},
		{func(r *engine.Result) { r.Mode = "random" }, "a sample of the interleavings"},
		{func(r *engine.Result) { r.Mode = "replay" }, "one interleaving, replayed"},
		{
			func(r *engine.Result) { r.Failure = &engine.Failure{Kind: "deadlock", Execution: 5000} },
			"stopped at a failure: deadlock in execution 5,000",
		},
	} {
		r := counts
		c.change(&r)
		if _, got, _ := strings.Cut(Summary(&r), "\n"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestSummaryPromises checks for each combination of facts that the summary claims no more than
// they prove.
func TestSummaryPromises(t *testing.T) {
	for n := range 1 << 5 {
		is := func(bit int) bool { return n>>bit&1 != 0 }
		r := engine.Result{Mode: "exhaustive", Complete: is(0), Depth: 9}
		if is(1) {
			r.Bounds = []string{"at most 1 preemption"}
		}
		if is(2) {
			r.Cut = 3
		}
		if is(3) {
			r.Failure = &engine.Failure{Kind: "panic"}
		}
		if is(4) {
			r.Mode = "random"
		}
		_, got, _ := strings.Cut(Summary(&r), "\n")
		all := r.Complete && r.Bounds == nil && r.Cut == 0 && r.Failure == nil && r.Mode == "exhaustive"
		if (got == "every interleaving") != all {
			t.Errorf("%+v: %q", r, got)
		}
		if strings.HasPrefix(got, "every interleaving") && (!r.Complete || r.Mode != "exhaustive" || r.Failure != nil) {
			t.Errorf("%+v: %q", r, got)
		}
	}
}

func TestNameObjects(t *testing.T) {
	s := deadlock(t)
	s.step(1, "Mutex.Unlock", "mutex 1", "bank.go: defer from.mu.Unlock()")
	s.word(1, "Load", "word 3", 0, 0, "counter.go: x.Assert(c.n.Load()")
	s.word(1, "Load", "lock word", 0, 0, "counter.go: old := c.n.Load()")
	f := &s.Failure
	NameObjects(f)
	var got []string
	for _, s := range f.Trace {
		got = append(got, s.Object)
	}
	if got, want := strings.Join(got, ","), ",,from.mu#1,from.mu#2,from.mu#1,c.n,lock word"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := "goroutine 1 waits for from.mu#2, which goroutine 2 holds;"; !strings.HasPrefix(f.Message, want) {
		t.Errorf("the message is %q", f.Message)
	}
	if want := "waits in Mutex.Lock of from.mu#2"; f.Threads[1].Status != want {
		t.Errorf("the status is %q, not %q", f.Threads[1].Status, want)
	}
}

func TestNameIn(t *testing.T) {
	for _, c := range []struct{ line, op, want string }{
		{"for !m.state.CompareAndSwap(0, 1) {", "CompareAndSwap", "m.state"},
		{"m.slots[i+1].next.Load()", "Load", "m.slots[i+1].next"},
		{"if atomic.CompareAndSwapUint32(&m.state, 0, 1) {", "CompareAndSwap", "m.state"},
		{"q.mu.Lock()", "Mutex.Lock", "q.mu"},
		{"if a.Load() == b.Load() {", "Load", ""},
		{"if a.Load() == a.Load() {", "Load", "a"},
		{"f()", "Load", ""},
		{"", "", ""},
	} {
		if got := nameIn(c.line, c.op); got != c.want {
			t.Errorf("%s of %q: got %q, want %q", c.op, c.line, got, c.want)
		}
	}
}

func TestCommand(t *testing.T) {
	const run = "go run github.com/osync-go/osync/explore/cmd/explore "
	for _, c := range []struct {
		o        Options
		schedule string
		want     string
	}{
		{Options{Test: "TestX", Package: "./mylock"}, "1.2", run + "-run '^TestX$' -replay '1.2' ./mylock"},
		{Options{Test: "TestX/a+b"}, "1", run + `-run '^TestX$/^a\+b$' -replay '1'`},
		{Options{Package: "./it's"}, "'", run + `-replay ''\''' './it'\''s'`},
	} {
		if got := c.o.command(c.schedule); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestColor(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if Color(f) {
		t.Error("a file has colours")
	}
	if tty, err := os.Open(os.DevNull); err == nil { // a character device, like a terminal
		defer tty.Close()
		t.Setenv("NO_COLOR", "1")
		if Color(tty) {
			t.Error("NO_COLOR has no effect")
		}
	}
}
