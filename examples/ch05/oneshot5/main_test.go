// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestNothingIsAllocated(t *testing.T) {
	var c Channel[int]
	allocations := testing.AllocsPerRun(100, func() {
		s, r := c.Split()
		if !s.Send(1) || s.Send(2) {
			t.Error("a sender must be of use once")
		}
		if m, ok := r.Receive(); m != 1 || !ok {
			t.Errorf("received %d, %t, want 1, true", m, ok)
		}
		if _, ok := r.Receive(); ok {
			t.Error("received twice")
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations for each message, want 0", allocations)
	}
}

func TestSplitInUse(t *testing.T) {
	var c Channel[int]
	c.Split()
	c.state.Add(writing) // as if a Send was just at it
	defer func() {
		if recover() == nil {
			t.Error("Split did not panic")
		}
	}()
	c.Split()
}
