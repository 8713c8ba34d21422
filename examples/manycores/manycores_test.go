// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) {
	programtest.Run(t, run)
}

// TestSameSeed checks that the same seed gives the same figures, and another one others.
func TestSameSeed(t *testing.T) {
	*milli = 1
	l := load{cores: 16, locks: 2, goroutines: 2, inside: 100, outside: 1000, buckets: 1}
	a, b := l.run(), l.run()
	*seed++
	if c := l.run(); a != b || a == c {
		t.Errorf("the results are %v, %v, and %v with another seed", a, b, c)
	}
}
