// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/osync-go/osync/examples/internal/terminal"
)

// examined runs doctor with arguments, and returns what it printed and its exit status.
func examined(t *testing.T, d *doctor, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(d, args, &out, &errs)
	t.Logf("doctor %s: status %d\n%s%s", strings.Join(args, " "), status, &out, &errs)
	return out.String(), errs.String(), status
}

// decoded runs doctor with -json.
func decoded(t *testing.T, d *doctor) (Report, int) {
	t.Helper()
	out, _, status := examined(t, d, "-quick", "-json")
	var r Report
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("-json: %v", err)
	}
	return r, status
}

// patient returns a doctor that bears with a machine that has other things to do.
func patient() *doctor {
	d := newDoctor()
	d.limit = time.Minute
	return d
}

func TestReport(t *testing.T) {
	r, status := decoded(t, patient())
	if status != 0 || !r.OK {
		t.Errorf("exit status %d, ok %v, want 0, true", status, r.OK)
	}
	if ok, all := r.passed(); ok != all || all < 18 {
		t.Errorf("%d of %d checks passed, want all of at least 18", ok, all)
	}
	if r.System.OS == "" || r.System.Arch == "" || r.System.CPUs < 1 || r.System.GOMAXPROCS < 1 ||
		r.System.Go == "" || r.System.Osync == "" {
		t.Errorf("the system is %+v, with something missing", r.System)
	}
	for _, p := range r.Primitives {
		if p.Name == "" || p.Since == "" || p.Purpose == "" || p.Present == (p.Absent != "") || p.Present != (p.Check != nil) {
			t.Errorf("a primitive is %+v", p)
		}
	}
	for _, l := range r.Locks {
		if l.Name == "" || l.Goroutines == "" || l.Threads == "" || l.Why == "" || (l.Absent == "") != (len(l.Checks) > 0) {
			t.Errorf("a lock is %+v", l)
		}
	}
	waits := 0
	for _, c := range r.Costs {
		if w := c.LongestWait; w != nil {
			waits++
			if w.Osync <= 0 || w.Sync <= 0 {
				t.Errorf("%s: the longest waits are %+v", c.Name, *w)
			}
		}
		if c.Name == "" || c.Counterpart == "" || c.Ratio <= 0 || c.Error != "" {
			t.Errorf("a cost is %+v", c)
		}
		for _, s := range []Sample{c.Osync, c.Sync} {
			if s.Min <= 0 || s.Min > s.Median || s.Median > s.Max || s.Rounds < 3 || s.Operations < 1 {
				t.Errorf("%s: a sample is %+v", c.Name, s)
			}
		}
	}
	if len(r.Costs) < 12 {
		t.Errorf("%d costs, want at least 12", len(r.Costs))
	}
	if len(r.Sleeps) < 3 && runtime.GOARCH != "wasm" {
		t.Errorf("%d ways to sleep, want 3", len(r.Sleeps))
	}
	for _, s := range r.Sleeps {
		if s.Absent == "" && (s.Name == "" || s.Milliseconds <= 0 || s.Sleeps < 10 || s.Median > s.Late99 || s.Late99 > s.Worst || s.Worst <= 0 || s.Ratio < 0) ||
			s.Error != "" {
			t.Errorf("a sleep is %+v", s)
		}
	}
	if waits < 7 {
		t.Errorf("%d longest waits, want at least 7", waits)
	}
}

func TestScreen(t *testing.T) {
	d := patient()
	out, _, status := examined(t, d, "-quick")
	if status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	if n := strings.Count(out, "\n"); n > 66 {
		t.Errorf("%d lines, want at most 66: one screen", n)
	}
	for line := range strings.Lines(out) {
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("a line of %d characters, want at most 100: %s", n, line)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("color codes for something that is no terminal")
	}
	for _, l := range d.locks {
		if !strings.Contains(out, l.name) {
			t.Errorf("nothing about %s", l.name)
		}
	}
	if !regexp.MustCompile(`(?m)^  Mutex, 8 goroutines .* [\d.]+ [µm]s +[\d.]+ [µm]s$`).MatchString(out) {
		t.Error("no longest waits in the row of the mutex")
	}
	if runtime.GOARCH != "wasm" && !regexp.MustCompile(`(?m)^  thread.Sleep, threads( +[\d.]+ [µm]s){3} +[\d.]+$`).MatchString(out) {
		t.Error("no lateness in the row of thread.Sleep")
	}
	if !strings.Contains(out, "osync works here.") {
		t.Error("it does not say that osync works")
	}
}

// stub returns a doctor that has three rows to look at, all of them well.
func stub() *doctor {
	fine := func() error { return nil }
	quick := func(n int) (time.Duration, error) { return time.Duration(n) * time.Microsecond, nil }
	return &doctor{
		primitives:  []primitive{{"call", "1.0", "do something", fine, fine}},
		locks:       []lock{{name: "lock", goroutines: "here", threads: "there", why: "so", tests: []selfTest{{"threads", fine}}}},
		comparisons: []comparison{{name: "operation", counterpart: "counterpart", osync: quick, sync: quick}},
		sleepers:    []sleeper{{"sleeping", func(sleeps func(func(time.Duration))) error { sleeps(time.Sleep); return nil }}},
		limit:       time.Minute,
	}
}

func TestFailures(t *testing.T) {
	hung := make(chan struct{})
	defer close(hung)
	hang := func() error { <-hung; return nil }
	for _, tt := range []struct {
		name string
		mar  func(*doctor)
		want string // in the screen
	}{
		{"a lock fails", func(d *doctor) {
			d.locks[0].tests[0].run = func() error { return errors.New("both had it") }
		}, "threads: both had it"},
		{"a lock panics", func(d *doctor) {
			d.locks[0].tests[0].run = func() error { panic("lost a waiter") }
		}, "threads: panic: lost a waiter"},
		{"a lock hangs", func(d *doctor) {
			d.locks[0].tests[0].run = hang
			d.limit = 20 * time.Millisecond
		}, "threads: has not ended after 20ms"},
		{"a primitive fails", func(d *doctor) {
			d.primitives[0].test = func() error { return errors.New("nobody woke") }
		}, "threads: nobody woke"},
		{"a measurement fails", func(d *doctor) {
			d.comparisons[0].osync = func(int) (time.Duration, error) { return 0, errors.New("miscounted") }
		}, "operation: miscounted"},
		{"a measurement of waits fails", func(d *doctor) {
			d.comparisons[0].osyncLongest = func(int) (time.Duration, error) { return 0, errors.New("miscounted") }
		}, "operation: miscounted"},
		{"a sleep fails", func(d *doctor) {
			d.sleepers[0].run = func(func(func(time.Duration))) error { return errors.New("insomnia") }
		}, "sleeping: insomnia"},
		{"a measurement hangs", func(d *doctor) {
			d.comparisons[0].sync = func(int) (time.Duration, error) { return 0, hang() }
			d.limit = 20 * time.Millisecond
		}, "operation: has not ended after 20ms"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := stub()
			tt.mar(d)
			out, _, status := examined(t, d, "-quick")
			if status != 1 {
				t.Errorf("exit status %d, want 1", status)
			}
			for _, want := range []string{"FAIL", tt.want, "osync does not work here."} {
				if !strings.Contains(out, want) {
					t.Errorf("the screen lacks %q", want)
				}
			}
			if r, status := decoded(t, d); r.OK || status != 1 {
				t.Errorf("-json: ok %v, status %d, want false, 1", r.OK, status)
			}
		})
	}
}

// TestAbsent leaves out what the system lacks, which is no failure.
func TestAbsent(t *testing.T) {
	d := stub()
	d.primitives[0].probe = func() error { return errors.New("too old") }
	d.locks[0].absent = errors.New("not on this system")
	d.sleepers[0].run = func(func(func(time.Duration))) error {
		return fmt.Errorf("thread: SetRealtime: not allowed, as it takes the right to do so, which nobody has who is not root: %w", os.ErrPermission)
	}
	out, _, status := examined(t, d, "-quick")
	if status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	for _, want := range []string{
		"  --  call", "too old", "  --  lock", "not on this system",
		"  sleeping                   not allowed, as it takes the right to do so, which\n" +
			"                             nobody has who is not root: permission denied\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	if strings.Contains(out, "  ok  ") {
		t.Error("something is ok that is not there")
	}
}

// TestColumns has measurements that differ much: their columns do not touch.
func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		osync, sync Sample
		want        string
	}{
		{Sample{Median: 16.8, Min: 15.9, Max: 362}, Sample{Median: 13.4, Min: 13.1, Max: 38.4}, "ns 16.8 15.9..362 13.4 13.1..38.4"},
		{Sample{Median: 8598, Min: 5250, Max: 1262394}, Sample{Median: 5498, Min: 3803, Max: 450490}, "µs 8.60 5.25..1262 5.50 3.80..450"},
		{Sample{Median: 860, Min: 525, Max: 1262394}, Sample{Median: 550, Min: 380, Max: 12345678}, "ns 860 525..1262394 550 380..12345678"},
	} {
		s := &screen{paint: terminal.Colors(false)}
		s.costs([]Cost{{Name: "operation", Osync: tt.osync, Sync: tt.sync, Ratio: 1}})
		if got := strings.Join(strings.Fields(s.String()), " "); !strings.Contains(got, tt.want+" ") {
			t.Errorf("%s, want %s in it", got, tt.want)
		}
	}
}

func TestArguments(t *testing.T) {
	if out, errs, status := examined(t, stub(), "-h"); status != 0 || errs != "" || !strings.Contains(out, "-quick") || !strings.Contains(out, "1m0s") {
		t.Errorf("-h: status %d, want 0 and the usage on standard output", status)
	}
	for _, args := range [][]string{{"-fast"}, {"me"}, {"-quick", "me"}} {
		if out, errs, status := examined(t, stub(), args...); status != 2 || out != "" || !strings.Contains(errs, "usage:") {
			t.Errorf("%v: status %d, want 2 and the usage on standard error", args, status)
		}
	}
}

func TestColor(t *testing.T) {
	var plain, colored bytes.Buffer
	d := stub()
	d.effort, d.progress = quickEffort, func(string) {}
	r := d.examine()
	if err := errors.Join(printText(&plain, r, false), printText(&colored, r, true)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[") || strings.Contains(plain.String(), "\x1b[") {
		t.Error("colors are not as asked for")
	}
}
