// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestMisuse(t *testing.T) {
	var c Channel[int]
	c.Send(1)
	panics(t, "second Send", func() { c.Send(2) })
	if got := c.Receive(); got != 1 {
		t.Errorf("received %d, want 1", got)
	}
	panics(t, "second Receive", func() { c.Receive() })
}

func panics(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", what)
		}
	}()
	f()
}
