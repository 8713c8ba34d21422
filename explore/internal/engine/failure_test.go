// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	. "github.com/osync-go/osync/explore/internal/engine"
)

// increments loses an addition if the two threads read before either writes.
func increments(t *Thread) {
	w := new(word)
	add := func() { w.store(w.load() + 1) }
	all(t, add, add)
	if w.v != 2 {
		t.Fail("assertion", "lost an addition")
	}
}

// TestFailures looks for each kind of failure, and replays it.
func TestFailures(t *testing.T) {
	outside := 0
	for _, test := range []struct {
		kind, message string // part of the message
		body          func(*Thread)
	}{
		{"assertion", "lost an addition", increments},
		{"panic", "boom", func(t *Thread) {
			w := new(word)
			all(t, func() { w.store(1) }, func() {
				if w.load() == 1 {
					panic("boom")
				}
			})
		}},
		{"panic", "nil pointer", func(t *Thread) {
			var w *struct{ v int }
			t.Go(func() { w.v++ })
		}},
		{"deadlock", "goroutine 2 waits in Lock", func(t *Thread) {
			a, b := new(lockWord), new(lockWord)
			all(t, func() { a.lock(); b.lock(); b.unlock(); a.unlock() }, func() { b.lock(); a.lock(); a.unlock(); b.unlock() })
		}},
		{"deadlock", "main waits in Wait", func(t *Thread) { // a lost wake-up
			asleep := new(word)
			sleeper := t.Go(func() { asleep.store(1); Self().Sleep("Wait", nil); Self().Wake(t) })
			t.Go(func() {
				if asleep.load() == 1 {
					Self().Wake(sleeper)
				}
			})
			t.Sleep("Wait", nil)
		}},
		{"left over", "goroutine 1 waits in Sleep", func(t *Thread) {
			t.Go(func() { Self().Sleep("Sleep", nil) })
		}},
		{"livelock", "goroutine 1 spins in Load", func(t *Thread) {
			w := new(word)
			all(t, func() {
				for w.load() == 0 {
				}
			})
		}},
		{"livelock", "goroutine 1 spins", func(t *Thread) { // reads two words in turn
			v, w := new(word), new(word)
			all(t, func() {
				for v.load() == 0 || w.load() == 0 {
				}
			}, func() { v.store(1) })
		}},
		{"data race", "write by", func(t *Thread) {
			w := new(word)
			v := 0
			write := func() { Self().Plain(unsafe.Pointer(&v), 8, true) }
			all(t, func() { write(); w.store(1) }, func() {
				if w.load() == 0 {
					write()
				}
			})
		}},
		{"too many goroutines", "32", func(t *Thread) {
			for range 40 {
				t.Go(func() {})
			}
		}},
		{"misuse", "in a deferred call", func(t *Thread) {
			w := new(word)
			all(t, func() {
				defer func() { Self().Fail("misuse", "in a deferred call") }()
				w.store(1)
				panic("first")
			})
		}},
		{"not deterministic", "choice", func(t *Thread) {
			v, w := new(word), new(word)
			outside++
			all(t, func() { v.store(1) }, func() {
				if outside > 1 {
					w.store(1)
				} else {
					v.store(2)
				}
			})
		}},
	} {
		t.Run(test.kind, func(t *testing.T) {
			r := Explore(Options{Preemptions: -1}, test.body)
			f := r.Failure
			if f == nil || f.Kind != test.kind || !strings.Contains(f.Message, test.message) {
				t.Fatalf("%+v, want %s: %s", f, test.kind, test.message)
			}
			if r.Complete || f.Execution != r.Executions || len(f.Threads) == 0 {
				t.Errorf("complete %v, execution %d of %d, %d threads", r.Complete, f.Execution, r.Executions, len(f.Threads))
			}
			if test.kind == "not deterministic" {
				return
			}
			schedule, err := ParseSchedule(f.Schedule)
			if f.Schedule == "" {
				schedule, err = nil, nil
			}
			if err != nil {
				t.Fatal(err)
			}
			again := Explore(Options{Mode: Replay, Replay: schedule}, test.body).Failure
			if again == nil || again.Kind != test.kind || len(again.Trace) != len(f.Trace) {
				t.Errorf("the replay of %q fails so: %+v", f.Schedule, again)
			}
			for _, s := range f.Trace {
				if !strings.HasSuffix(s.File, "_test.go") {
					t.Errorf("step at %s:%d %s", s.File, s.Line, s.Func)
				}
			}
		})
	}
}

// TestGoexit ends a goroutine of the test with runtime.Goexit in one of the orders, as t.FailNow does. That ends the caller,
// too. The steps are traced all the same, and the waiting goroutines have ended before, including their deferred calls.
func TestGoexit(t *testing.T) {
	explore := func(o Options) (r *Result) {
		o.Preemptions = -1
		o.Exited = func(exited *Result) { r = exited }
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			Explore(o, func(main *Thread) {
				w, waiting := new(word), new(word)
				waiter := main.Go(func() {
					defer func() {
						if Self() == nil {
							t.Error("a deferred call does not know that it is explored")
						}
					}()
					waiting.add(1)
					Self().Sleep("a sleep", nil)
				})
				all(main, func() { w.store(w.load() + 1) }, func() { w.store(w.load() + 1) })
				if w.v != 2 {
					runtime.Goexit()
				}
				main.Wake(waiter)
			})
			t.Error("Explore has returned")
		}()
		<-ended
		return r
	}
	r := explore(Options{})
	f := r.Failure
	if f == nil || f.Kind != "runtime.Goexit" || !strings.Contains(f.Message, "main") || r.Executions < 2 || f.Execution != r.Executions {
		t.Fatalf("%+v of %+v", f, r)
	}
	schedule, err := ParseSchedule(f.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	again := explore(Options{Mode: Replay, Replay: schedule}).Failure
	if len(f.Trace) < 4 || len(again.Trace) != len(f.Trace) || len(f.Threads) != 4 {
		t.Errorf("%d steps of %d goroutines, and %d in the replay", len(f.Trace), len(f.Threads), len(again.Trace))
	}
}

// TestFailedForGood has the test record a failure, which stays recorded. The schedule must be that of the failure.
func TestFailedForGood(t *testing.T) {
	failed := false
	explore := func(o Options) *Failure {
		o.Preemptions, o.Failed = -1, func() bool { return failed }
		return Explore(o, func(main *Thread) {
			w := new(word)
			all(main, func() { w.store(w.load() + 1) }, func() { w.store(w.load() + 1) })
			failed = failed || w.v != 2
		}).Failure
	}
	f := explore(Options{})
	schedule, err := ParseSchedule(f.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	failed = false
	if again := explore(Options{Mode: Replay, Replay: schedule}); again == nil || len(again.Trace) != len(f.Trace) {
		t.Errorf("the replay of %q fails so: %+v", f.Schedule, again)
	}
}

// TestExitOfAThread ends a goroutine with the replacement of runtime.Goexit: its deferred calls run.
func TestExitOfAThread(t *testing.T) {
	deferred := 0
	r := Explore(Options{Preemptions: -1}, func(t *Thread) {
		w := new(word)
		all2 := func() {
			defer func() { deferred++; Self().Wake(t) }()
			w.add(1)
			Self().Goexit()
		}
		t.Go(all2)
		t.Sleep("Wait", nil)
	})
	if r.Failure != nil || deferred != 1 {
		t.Errorf("%+v, %d deferred calls", r.Failure, deferred)
	}
}

// TestShort finds a long failing execution at random, and shortens it.
func TestShort(t *testing.T) {
	body := func(t *Thread) {
		other, w := new(word), new(word)
		add := func() {
			for range 20 {
				other.add(1)
			}
			w.store(w.load() + 1)
			for range 20 {
				other.add(1)
			}
		}
		all(t, add, add)
		if w.v != 2 {
			t.Fail("assertion", "lost an addition")
		}
	}
	for _, mode := range []Mode{PCT, Random} {
		r := Explore(Options{Preemptions: -1, Mode: mode, Seed: 1, Executions: 100000}, body)
		if r.Failure == nil {
			t.Fatalf("%v has found nothing: %+v", mode, r)
		}
		if n := strings.Count(r.Failure.Schedule, ",") + 1; n > 3 {
			t.Errorf("%v: schedule %q has %d runs, want 3", mode, r.Failure.Schedule, n)
		}
	}
}

// TestPCT compares how often PCT finds a bug of depth 2 with the guaranteed probability.
func TestPCT(t *testing.T) {
	found, tries := 0, 400
	for seed := range tries {
		r := Explore(Options{Mode: PCT, Depth: 2, Seed: uint64(seed + 1), Executions: 2}, increments) // the first knows no length yet
		if r.Failure != nil {
			found++
		}
	}
	// Two goroutines and main, and 4 steps: 1/(3·4).
	if found < tries/12/2 {
		t.Errorf("found in %d of %d, want about %d or more", found, tries, tries/12)
	}
}

// TestBounds checks what the result says about bounds.
func TestBounds(t *testing.T) {
	forever := func(t *Thread) {
		w := new(word)
		all(t, func() {
			for w.add(1) != 0 {
			}
		})
	}
	body := func(t *Thread) {
		w := new(word)
		add := func() { w.add(1); w.add(1); w.add(1) }
		all(t, add, add, add)
	}
	for _, test := range []struct {
		name  string
		o     Options
		body  func(*Thread)
		bound string
	}{
		{"none", Options{Preemptions: -1}, body, ""},
		{"steps", Options{Preemptions: -1, Steps: 100}, forever, "1 executions cut off after 100 steps"},
		{"executions", Options{Preemptions: -1, Executions: 10}, body, "10 executions"},
		{"preemptions", Options{Preemptions: 1}, body, "at most 1 preemption"},
		{"time", Options{Preemptions: -1, Time: time.Nanosecond}, body, "1ns"},
		{"pct", Options{Mode: PCT, Seed: 3, Executions: 10}, body, "a bug of depth 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Explore(test.o, test.body)
			text := strings.Join(r.Bounds, "; ")
			if r.Failure != nil || !strings.Contains(text, test.bound) || test.bound == "" && text != "" {
				t.Errorf("bounds %q, want %q; failure %v", text, test.bound, r.Failure)
			}
			if want := test.name == "none" || test.name == "preemptions"; r.Complete != want {
				t.Errorf("complete %v, want %v", r.Complete, want)
			}
		})
	}
}

// TestStuck blocks an explored goroutine on a real channel.
func TestStuck(t *testing.T) {
	real, told := make(chan int), make(chan string, 1)
	Explore(Options{Preemptions: -1, Stuck: func(message string) {
		told <- message
		real <- 1
	}}, func(t *Thread) { all(t, func() { <-real }) })
	if message := <-told; !strings.Contains(message, "goroutine 1 is blocked") || !strings.Contains(message, "chan receive") ||
		!strings.Contains(message, "failure_test.go") {
		t.Error(message)
	}
}

// TestOutside sleeps for a short time where the explorer does not see it.
func TestOutside(t *testing.T) {
	stuck := func(message string) { panic(message) }
	for _, d := range []time.Duration{0, 200 * time.Millisecond} {
		r := Explore(Options{Preemptions: -1, Stuck: stuck}, func(t *Thread) { all(t, func() { time.Sleep(d) }) })
		if noted := strings.HasPrefix(r.Outside, "sleep at ") && strings.Contains(r.Outside, "failure_test.go:"); noted != (d > 0) || !r.Complete {
			t.Errorf("a sleep of %v: %+v", d, r)
		}
	}
}

// TestStuckInput reads from a pipe that has no writer.
func TestStuckInput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	defer r.Close()
	defer w.Close()
	told := make(chan string, 1)
	Explore(Options{Preemptions: -1, Stuck: func(message string) {
		told <- message
		w.Write([]byte{1})
	}}, func(t *Thread) { all(t, func() { r.Read(make([]byte, 1)) }) })
	if message := <-told; !strings.Contains(message, "remove input and output from the test") {
		t.Error(message)
	}
}

// TestMisfit replays schedules that fit the test, and some that do not.
func TestMisfit(t *testing.T) {
	body := func(t *Thread) {
		w := new(word)
		all(t, func() { w.add(1) }, func() { w.add(1) })
	}
	for text, fits := range map[string]bool{"1:1,2:1": true, "2:1,1:1": true, "2:1": true, "9:1": false, "1:2": false, "1:1,=1": false, "1:1,2:1,1:1": false} {
		schedule, err := ParseSchedule(text)
		if err != nil {
			t.Fatal(err)
		}
		r := Explore(Options{Mode: Replay, Replay: schedule, Preemptions: -1}, body)
		if said := len(r.Bounds) > 0; said == fits {
			t.Errorf("%s: the result says %q", text, r.Bounds)
		}
	}
}

// TestStrangers uses explored words from a goroutine that is not explored.
func TestStrangers(t *testing.T) {
	body := func(strangers int) func(*Thread) {
		return func(*Thread) {
			done := make(chan bool)
			for range strangers {
				go func() { done <- Self() == nil }()
				if !<-done {
					t.Error("a stranger counts as explored")
				}
			}
		}
	}
	if r := Explore(Options{Preemptions: -1}, body(0)); !r.Complete {
		t.Errorf("without a stranger: %+v", r)
	}
	asked, done := make(chan bool), make(chan bool)
	go func() { // began before the exploration, like a watchdog of the tests
		for range asked {
			done <- Self() == nil
		}
	}()
	asked <- true
	<-done
	if r := Explore(Options{Preemptions: -1}, func(*Thread) { asked <- true; <-done }); !r.Complete {
		t.Errorf("with one that was there before: %+v", r)
	}
	close(asked)
	r := Explore(Options{Preemptions: -1}, body(100*runtime.GOMAXPROCS(0))) // the first goroutines may have small numbers
	if r.Failure != nil || Self() != nil {
		t.Errorf("%+v", r.Failure)
	}
	if r.Complete || !strings.Contains(strings.Join(r.Bounds, "; "), "not explored") {
		t.Errorf("complete %v, bounds %q", r.Complete, r.Bounds)
	}
}

// TestMemory measures the heap during a long exploration.
func TestMemory(t *testing.T) {
	var start, end runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	n := 0
	Explore(Options{Preemptions: -1, Executions: 50_000}, func(t *Thread) {
		w := new(word)
		add := func() {
			for range 6 {
				w.add(1)
			}
		}
		all(t, add, add, add)
		n++
	})
	runtime.GC()
	runtime.ReadMemStats(&end)
	if grown := int64(end.HeapAlloc) - int64(start.HeapAlloc); n < 50_000 || grown > 1<<20 {
		t.Errorf("%d executions: the heap has grown by %d bytes", n, grown)
	}
}

// TestWakeOrders has a thread write a plain variable and wake another, in a step that does not order memory. The
// wake-up does.
func TestWakeOrders(t *testing.T) {
	body := func(wake func(w *Waiter, t *Thread)) func(*Thread) {
		return func(t *Thread) {
			v, w := new(int), t.NewWaiter()
			t.Go(func() {
				t := Self()
				t.Plain(unsafe.Pointer(v), 8, true)
				t.Step(&Op{Name: "futex wake", Addr: unsafe.Pointer(new(word)), Access: Write, Relaxed: true})
				wake(w, t)
			})
			w.Sleep("Wait", nil)
			t.Plain(unsafe.Pointer(v), 8, false)
		}
	}
	if f := Explore(Options{Preemptions: -1}, body((*Waiter).Wake)).Failure; f != nil {
		t.Errorf("Wake: %s: %s", f.Kind, f.Message)
	}
	if f := Explore(Options{Preemptions: -1}, body((*Waiter).WakeRelaxed)).Failure; f == nil || f.Kind != "data race" {
		t.Errorf("WakeRelaxed: %+v, want a data race", f)
	}
}
