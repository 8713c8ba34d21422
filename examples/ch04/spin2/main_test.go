// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestExclusion(t *testing.T) {
	const goroutines, additions = 4, 5000
	var (
		l   SpinLock
		sum int
		wg  sync.WaitGroup
	)
	for range goroutines {
		wg.Go(func() {
			for range additions {
				l.Lock()
				sum++
				l.Unlock()
			}
		})
	}
	wg.Wait()
	if want := goroutines * additions; sum != want {
		t.Errorf("counted %d, want %d", sum, want)
	}
}
