// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package enginetest explores small programs, for the tests of packages that are built on the engine.
package enginetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore/internal/engine"
)

// All runs each function in its own goroutine, and returns when all have returned. It must be called in an exploration.
func All(fs ...func()) {
	t, left := engine.Self(), len(fs)
	for _, f := range fs {
		t.Go(func() {
			f()
			if left--; left == 0 {
				engine.Self().Wake(t)
			}
		})
	}
	t.Sleep("All", nil)
}

// Outcomes explores body, and compares the set of its executions' results with want. It returns the number of
// executions.
func Outcomes(t *testing.T, body func() string, want ...string) (executions int) {
	t.Helper()
	outcomes := map[string]bool{}
	r := engine.Explore(engine.Options{Preemptions: -1}, func(*engine.Thread) { outcomes[body()] = true })
	if r.Failure != nil {
		t.Fatalf("%s: %s\n%s", r.Failure.Kind, r.Failure.Message, steps(r.Failure))
	}
	if !r.Complete {
		t.Fatalf("the exploration is not complete: %v", r.Bounds)
	}
	var got []string
	for outcome := range outcomes {
		got = append(got, outcome)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d executions end with %q, want %q", r.Executions, got, want)
	}
	return r.Executions
}

// Fails explores body and checks that some execution fails in the given way.
func Fails(t *testing.T, kind, message string, body func()) {
	t.Helper()
	r := engine.Explore(engine.Options{Preemptions: -1}, func(*engine.Thread) { body() })
	switch {
	case r.Failure == nil:
		t.Errorf("%d executions did not fail, want a failure: %s: %s", r.Executions, kind, message)
	case r.Failure.Kind != kind || !strings.Contains(r.Failure.Message, message):
		t.Errorf("failed with %s: %s\nwant %s: %s", r.Failure.Kind, r.Failure.Message, kind, message)
	}
}

// steps returns the steps of a failed execution, a line for each.
func steps(f *engine.Failure) string {
	var text strings.Builder
	for _, s := range f.Trace {
		text.WriteString(f.Threads[s.Thread].Name + ": " + s.Op + " " + s.Object + " " + s.Note + "\n")
	}
	return text.String()
}
