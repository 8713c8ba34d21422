// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package seamed

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/explore/hook"
)

func inTest() string { return "test" }

var seen = 0

func values() string {
	c := counter[int]{}
	c.add()
	c.double()
	var k clock
	k.read()
	now := nanotime()
	return fmt.Sprint(first, second, third, " ", name, " ", pid == 3, k.read() == 2, now == 42, c.n, inTest())
}

func state() string {
	return fmt.Sprint(count, words, digits, *corner, grid, nothing, fixed, Limit, seen)
}

func TestSeams(t *testing.T) {
	want := "0 1 2 real false false false 2test"
	if explored {
		want = "0 20 2 real true true true 101seam"
	}
	if got := values(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReset(t *testing.T) {
	hook.Reset()
	before := state()
	for range 3 {
		change()
		seen++
		if state() == before {
			t.Error("change has no effect")
		}
		if want := 11; explored && count != want {
			t.Errorf("count is %d, want %d", count, want)
		}
		if hook.Reset(); explored && state() != before {
			t.Errorf("got %s, want %s", state(), before)
		}
	}
}
