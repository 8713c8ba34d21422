// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"testing"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A Found is a failure found by [Find].
type Found struct {
	Kind     string // "assertion", "deadlock", "data race", "panic", and so on: the first words of the table
	Message  string // what went wrong
	Schedule string // the order of the steps, for the command's flag -replay
	Table    string // what Check would print
}

// Find explores f as [Check] does, and returns the first failure, or nil if there is none. The failure does not fail t.
// Find is for tests that check that a known bug is found, such as
//
//	found := explore.Find(t, broken)
//	if found == nil || found.Kind != "deadlock" {
//		t.Errorf("found %v, want a deadlock", found)
//	}
//
// Find logs the table of the failure, which go test shows with -v. f should call x.Assert to fail: a method of t that
// fails the test does so here, too.
//
// Under plain go test, where a bug may or may not show, Find skips the test and logs why.
func Find(t testing.TB, f func(x *Run)) *Found {
	t.Helper()
	return Options{}.Find(t, f)
}

// Find is the function Find with bounds. If o.Complete is set and a bound left something out, t fails if no failure was
// found.
func (o Options) Find(t testing.TB, f func(x *Run)) *Found {
	t.Helper()
	if len(hook.Registered()) == 0 {
		t.Skip("explore: only the command explore finds the bug reliably: go run github.com/osync-go/osync/explore/cmd/explore")
	}
	return o.find(t, f)
}

func (o Options) find(t testing.TB, f func(x *Run)) (found *Found) {
	t.Helper()
	o.explore(t, f, nil, func(failure *engine.Failure, svg string) {
		t.Helper()
		found = &Found{Kind: failure.Kind, Message: failure.Message, Table: table(t, failure, svg), Schedule: failure.Schedule}
		t.Log("\n" + found.Table)
	})
	return found
}

// String returns the kind and the message of f, for the messages of tests.
func (f *Found) String() string {
	if f == nil {
		return "nothing"
	}
	return f.Kind + ": " + f.Message
}
