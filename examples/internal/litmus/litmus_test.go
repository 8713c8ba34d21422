// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package litmus_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/examples/internal/litmus"
)

func TestRun(t *testing.T) {
	const threads = 3
	var prepared, ran [threads][litmus.Batch]int
	looks := 0
	list := make([]litmus.Thread, threads)
	for n := range list {
		list[n] = litmus.Thread{
			Prepare: func(i int) { prepared[n][i]++ },
			Run:     func(i int) { ran[n][i]++ },
		}
	}
	runs := litmus.Run(3*litmus.Batch, time.Hour, func(i int) {
		looks++
		for n := range threads {
			if want := (looks-1)/litmus.Batch + 1; ran[n][i] != want {
				t.Errorf("look %d finds that thread %d has done run %d %d times, want %d", looks, n, i, ran[n][i], want)
			}
		}
	}, list...)
	if runs != 3*litmus.Batch || looks != runs {
		t.Errorf("%d runs and %d looks, want %d", runs, looks, 3*litmus.Batch)
	}
	for n := range threads {
		if prepared[n][0] != 4 || ran[n][0] != 3 { // prepared once more than needed
			t.Errorf("thread %d has prepared %d times and run %d times, want 4 and 3", n, prepared[n][0], ran[n][0])
		}
	}
}
