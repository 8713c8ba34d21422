// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// A stress is an execution with ordinary goroutines.
type stress struct{ wg sync.WaitGroup }

func (s *stress) start(f func())   { s.wg.Go(f) }
func (s *stress) wait()            { s.wg.Wait() }
func (s *stress) choose(n int) int { return rand.IntN(n) }

// A stress test ends after this many executions, or after this much time.
const (
	stressRuns      = 1000
	stressTime      = 100 * time.Millisecond
	stressRunsShort = 100
)

// stressTest runs f repeatedly.
func stressTest(t testing.TB, f func(*Run)) {
	t.Helper()
	runs := stressRuns
	if testing.Short() {
		runs = stressRunsShort
	}
	start, n := time.Now(), 0
	for n < runs && time.Since(start) < stressTime && !t.Failed() {
		x := &Run{t: t, stress: new(stress)}
		f(x)
		x.stress.wait()
		n++
	}
	t.Logf("explore: %d executions as a stress test; the command explore tries every order", n)
}
