// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (linux || darwin || freebsd || openbsd || netbsd || dragonfly) && race

package native_test

import (
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/native"
)

// TestReadersAreNotOrdered checks that the race detector reports two readers that write: the word that
// counts readers must not order them.
func TestReadersAreNotOrdered(t *testing.T) {
	if os.Getenv("NATIVE_RACE_CHILD") != "" {
		writingReaders()
		return
	}
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover, which are atomic, order the goroutines")
	}
	out, _ := locktest.Child(t, "NATIVE_RACE_CHILD=1", "-test.run=^"+t.Name()+"$") // an error is expected
	if !strings.Contains(string(out), "WARNING: DATA RACE") {
		t.Errorf("the race detector did not report two readers that write:\n%s", out)
	}
}

// writingReaders lets two readers write, one after the other, in an order that the detector
// cannot see.
func writingReaders() {
	var rw native.RWMutex
	var g sync.WaitGroup
	var first atomic.Bool
	shared := 0
	g.Go(func() {
		rw.RLock()
		shared++
		rw.RUnlock()
		race.Disable()
		first.Store(true)
		race.Enable()
	})
	g.Go(func() {
		race.Disable()
		for !first.Load() {
		}
		race.Enable()
		rw.RLock()
		shared++
		rw.RUnlock()
	})
	g.Wait()
}
