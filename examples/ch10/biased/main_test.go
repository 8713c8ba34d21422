// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

// TestMany writes as often as it reads.
func TestMany(t *testing.T) {
	const goroutines, rounds = 8, 500
	var (
		rw   RWMutex
		a, b int
		wg   sync.WaitGroup
	)
	for range goroutines {
		wg.Go(func() {
			for range rounds {
				rw.Lock()
				a++
				b++
				rw.Unlock()
				s := rw.RLock()
				if a != b {
					t.Errorf("read %d and %d", a, b)
				}
				rw.RUnlock(s)
			}
		})
	}
	wg.Wait()
	if want := goroutines * rounds; a != want {
		t.Errorf("counted %d writes, want %d", a, want)
	}
}
