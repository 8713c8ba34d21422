// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/explore/internal/report"
)

// one serializes explorations: only one test explores at a time.
var one sync.Mutex

// Check is the function Check with bounds.
func (o Options) Check(t testing.TB, f func(x *Run)) {
	t.Helper()
	if len(hook.Registered()) == 0 {
		stressTest(t, f)
		return
	}
	o.explore(t, f, t.Failed, func(failure *engine.Failure, svg string) {
		t.Helper()
		fail(t, failure, svg)
	})
}

// explore explores f, logs a summary, and passes a failure to failed. tested reports whether the test itself has
// failed; it may be nil.
func (o Options) explore(t testing.TB, f func(x *Run), tested func() bool, failed func(failure *engine.Failure, svg string)) {
	t.Helper()
	if engine.Nested() {
		panic("explore: Check or Find called from a function that is being explored: call them one after another, or in subtests")
	}
	one.Lock()
	defer one.Unlock()
	complete := o.Complete // even if the command sets bounds
	e, svg, err := o.engine()
	if err != nil {
		t.Fatal(err)
	}
	e.Reset = hook.Reset
	e.Failed = tested
	e.Stuck = func(message string) {
		fmt.Fprintf(os.Stderr, "--- FAIL: %s\nexplore: %s\n", t.Name(), message)
		os.Exit(1)
	}
	e.Exited = func(r *engine.Result) {
		t.Helper()
		t.Log("explore: " + report.Summary(r))
		failed(r.Failure, svg)
	}
	progress(&e, t)
	var x *Run
	over := func() {
		if x != nil {
			x.over = true
		}
	}
	defer over()
	r := engine.Explore(e, func(main *engine.Thread) {
		over()
		x = &Run{t: t, main: main, ended: main.NewWaiter()}
		f(x)
		x.Wait()
	})
	t.Log("explore: " + report.Summary(r))
	switch {
	case r.Failure != nil:
		failed(r.Failure, svg)
	case o.Complete && !r.Complete:
		t.Error("explore: the exploration is not complete")
	case complete && r.Cut > 0 && e.Steps == o.Steps:
		t.Error("explore: an execution does not end")
	}
}

// progress shows the progress of a long exploration on a terminal.
func progress(e *engine.Options, t testing.TB) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	start := time.Now()
	e.Progress = func(r *engine.Result) {
		if time.Since(start) > 2*time.Second {
			fmt.Fprintf(os.Stderr, "\r%s: %d executions\x1b[K\r", t.Name(), r.Executions)
		}
	}
}

// fail reports a failure.
func fail(t testing.TB, f *engine.Failure, svg string) {
	t.Helper()
	t.Error("\n" + table(t, f, svg))
}

// table returns the table of a failure, and draws the failure if svg is not "".
func table(t testing.TB, f *engine.Failure, svg string) string {
	t.Helper()
	report.NameObjects(f)
	o := report.Options{Test: t.Name(), Package: testPackage(), Flags: commandFlags(), Color: report.Color(os.Stdout)}
	var text bytes.Buffer
	report.Table(&text, f, o)
	if svg == "" {
		return text.String()
	}
	var picture bytes.Buffer
	err := report.SVG(&picture, f, o)
	if err == nil {
		err = os.WriteFile(svg, picture.Bytes(), 0o666)
	}
	if err != nil {
		t.Errorf("explore: cannot draw: %v", err)
	}
	return text.String()
}
