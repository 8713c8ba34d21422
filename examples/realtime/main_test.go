// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"io"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/examples/internal/urgent"
)

func Test(t *testing.T) {
	programtest.Run(t, func(out io.Writer) error {
		return run(out, config{period: time.Millisecond, length: 20 * time.Millisecond})
	})
}

// TestTimes looks at the order statistics.
func TestTimes(t *testing.T) {
	times := urgent.Times{5, 1, 4, 2, 3}
	for part, want := range map[float64]time.Duration{0: 1, 0.5: 3, 1: 5} {
		if got := times.At(part); got != want {
			t.Errorf("At(%v) = %d, want %d", part, got, want)
		}
	}
	if got := urgent.Times(nil).At(1); got != 0 {
		t.Errorf("the longest of none is %v", got)
	}
}
