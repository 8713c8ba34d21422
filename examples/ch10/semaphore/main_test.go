// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

// TestExclusion uses one unit as a lock: without it the additions would be a data race.
func TestExclusion(t *testing.T) {
	const goroutines, additions = 8, 1000
	var (
		s   Semaphore
		sum int
		wg  sync.WaitGroup
	)
	s.Release()
	for range goroutines {
		wg.Go(func() {
			for range additions {
				s.Acquire()
				sum++
				s.Release()
			}
		})
	}
	wg.Wait()
	if want := goroutines * additions; sum != want {
		t.Errorf("counted %d, want %d", sum, want)
	}
}
