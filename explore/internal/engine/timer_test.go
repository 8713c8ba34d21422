// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"testing"
	"unsafe"

	. "github.com/osync-go/osync/explore/internal/engine"
)

// TestStopTimer shows that a timer that is stopped in one execution fires before the stop in
// another.
func TestStopTimer(t *testing.T) {
	ends := map[bool]int{}
	r := Explore(Options{Preemptions: -1}, func(t *Thread) {
		w := new(word)
		timer := t.StartTimer("timer", 0, unsafe.Pointer(w), func(*Thread) {})
		ends[t.StopTimer("stop", timer)]++
	})
	if len(ends) != 2 || r.Executions != 2 {
		t.Errorf("stopped in %d executions, fired in %d, of %d", ends[true], ends[false], r.Executions)
	}
}
