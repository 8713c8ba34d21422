// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestUpdate(t *testing.T) {
	var word atomic.Uint64
	word.Store(1)
	calls := 0
	tries := update(&word, func(x uint64) uint64 {
		if calls++; calls == 1 {
			word.Store(10) // another goroutine comes between
		}
		return x + 1
	})
	if word.Load() != 11 || tries != 2 {
		t.Errorf("the word is %d after %d tries, want 11 after 2", word.Load(), tries)
	}
}
