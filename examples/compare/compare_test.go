// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// compared runs the program with arguments, and returns what it printed and its exit status.
func compared(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	t.Logf("compare %s: status %d\n%s%s", strings.Join(args, " "), status, &out, &errs)
	return out.String(), errs.String(), status
}

// decoded runs it with -json, for a few short rounds.
func decoded(t *testing.T, only, peers string) Report {
	t.Helper()
	out, _, status := compared(t, "-quick", "-json", "-round", "2ms", "-only", only, "-peers", peers)
	if status != 0 {
		t.Fatalf("exit status %d, want 0", status)
	}
	var r Report
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("-json: %v", err)
	}
	return r
}

// TestReport measures one cell.
func TestReport(t *testing.T) {
	r := decoded(t, "^mutex n=2 ", "^(sync again|osync)$")
	if len(r.Cells) != 1 || len(r.Peers) != 3 {
		t.Fatalf("%d cells and %d peers, want 1 and 3", len(r.Cells), len(r.Peers))
	}
	c := r.Cells[0]
	if c.Name != "mutex n=2 in=0 out=0" || c.Rounds != 3 || len(c.Rows) != 3 {
		t.Errorf("the cell is %+v", c)
	}
	for _, row := range c.Rows {
		for _, figure := range []string{perOp, p50, p99, p999, longest, index} {
			s, ok := row.Figures[figure]
			if !ok || s.Q1 > s.Median || s.Median > s.Q3 || s.Median <= 0 {
				t.Errorf("%s: %s is %+v", row.Peer, figure, s)
			}
			if _, ok := row.Ratios[figure]; !ok {
				t.Errorf("%s: no ratio of %s", row.Peer, figure)
			}
		}
		f := row.Figures
		if f[p50].Median > f[p99].Median || f[p99].Median > f[p999].Median || f[p999].Median > f[longest].Median {
			t.Errorf("%s: the percentiles are not in order: %+v", row.Peer, f)
		}
	}
	if ratio := c.Rows[0].Ratios[perOp].Median; c.Rows[0].Peer != "sync" || ratio != 1 {
		t.Errorf("the first row is %s with a ratio of %v, want sync with 1", c.Rows[0].Peer, ratio)
	}
}

// TestKinds does each kind of work with each peer in Go.
func TestKinds(t *testing.T) {
	r := decoded(t, "^(uncontended|mutex n=8|rwlock n=8 reads=90|behind|pingpong|broadcast|park|semaphore)", "")
	for _, c := range r.Cells {
		if len(c.Rows) < 3 {
			t.Errorf("%s: %d peers, want at least 3", c.Name, len(c.Rows))
		}
		for _, row := range c.Rows {
			if slices.ContainsFunc(r.Peers, func(p Peer) bool { return p.Name == row.Peer && p.Foreign }) {
				continue // package foreign tests them; on a busy machine 2 ms may be too short for them
			}
			if row.Error != "" || row.Figures[perOp].Median <= 0 {
				t.Errorf("%s: %s has %+v", c.Name, row.Peer, row)
			}
		}
	}
	if len(r.Cells) < 9 {
		t.Errorf("%d cells, want at least 9", len(r.Cells))
	}
	if len(r.Targets) < 8 {
		t.Errorf("%d targets, want at least 8", len(r.Targets))
	}
}

// TestCells pins how many cells the geometric means have.
func TestCells(t *testing.T) {
	mutexes, rwlocks, names := 0, 0, map[string]bool{}
	for _, w := range full() {
		if w.exclusive() {
			mutexes++
		}
		if w.shared() {
			rwlocks++
		}
		names[w.String()] = true
	}
	if mutexes != 33 || rwlocks != 13 {
		t.Errorf("%d and %d cells in the geometric means of Mutex and RWMutex, want 33 and 13", mutexes, rwlocks)
	}
	if len(names) != len(full()) {
		t.Errorf("%d names for %d cells", len(names), len(full()))
	}
	for _, w := range quick() {
		if !names[w.String()] {
			t.Errorf("%s is a quick cell and none of the full run", w)
		}
	}
}

func TestArguments(t *testing.T) {
	if out, errs, status := compared(t, "-h"); status != 0 || errs != "" || !strings.Contains(out, "-quick") {
		t.Errorf("-h: status %d, want 0 and the usage on standard output", status)
	}
	for _, args := range [][]string{{"-fast"}, {"me"}, {"-only", "("}, {"-peers", "("}, {"-rounds", "0"}, {"-round", "-1s"}} {
		if out, errs, status := compared(t, args...); status != 2 || out != "" || !strings.Contains(errs, "usage:") {
			t.Errorf("%v: status %d, want 2 and the usage on standard error", args, status)
		}
	}
	if _, errs, status := compared(t, "-only", "nothing of this name"); status != 2 || !strings.Contains(errs, "-list") {
		t.Errorf("no cell matches: status %d and %q, want 2 and how to find the names", status, errs)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, errs, status := compared(t, "-peers", "^osync$", "-svg", file); status != 1 || out != "" || !strings.Contains(errs, "-svg") {
		t.Errorf("no folder for charts: status %d and %q, want 1 before anything is measured", status, errs)
	}
}

// TestInterrupted ends a long run at once.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	if status := run(ctx, []string{"-peers", "^osync$"}, &out, &errs); status != 1 || !strings.Contains(errs.String(), "interrupted; 0 of") {
		t.Errorf("status %d and %q, want 1 and how much was measured", status, &errs)
	}
}

// TestSpeed checks that the best speed stays, and that slower ones lose a share of it.
func TestSpeed(t *testing.T) {
	var s speed
	if lost := s.lost(); lost != 0 || s.best <= 0 {
		t.Errorf("the first look has lost %g of a speed of %g ns", lost, s.best)
	}
	s.best /= 100
	best := s.best
	if lost := s.lost(); lost <= 0 || lost >= 1 || s.best > best {
		t.Errorf("at a hundredth of the best speed %g is lost, and the best is %g ns, not %g", lost, s.best, best)
	}
}

// TestLapsThatDoNothing lets a peer do nothing in short laps, as on a busy machine.
func TestLapsThatDoNothing(t *testing.T) {
	var e effort
	laps := 0
	idle := peer{run: func(spec foreign.Spec) (outcome, error) {
		laps++
		o := outcome{}
		if spec.Nanos > 10 {
			o.Ops, o.Nanos = 1, 1
		}
		return o, nil
	}}
	e.limit = time.Minute
	if o, err := e.lap(idle, foreign.Spec{Nanos: 1}); err != nil || o.Ops != 1 || laps != 3 {
		t.Errorf("after %d laps: %+v, %v; want an operation in the third", laps, o, err)
	}
	if _, err := e.lap(idle, foreign.Spec{}); err == nil {
		t.Error("a peer that never does anything is no error")
	}
}
