// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestQueue(t *testing.T) {
	q := newQueue()
	q.push(1)
	q.push(2)
	q.close()
	for _, want := range []int{1, 2} { // what is in it when it is closed is not lost
		if got, ok := q.pop(); got != want || !ok {
			t.Errorf("pop() = %d, %v, want %d, true", got, ok, want)
		}
	}
	if got, ok := q.pop(); ok {
		t.Errorf("pop() of an empty closed queue = %d, %v, want false", got, ok)
	}
}
