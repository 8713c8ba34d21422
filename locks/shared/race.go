// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// The race detector watches only the memory that Go manages: an access to a region, atomic or not, is not recorded and
// establishes no ordering, and neither do calls of the detector's own functions with an address there. So the ordering
// that a lock in a region establishes in the memory of this process is reported for a stand-in, a word in Go's memory.
// Locks may share a stand-in: then the detector treats some unordered goroutines as ordered, and can miss a race, but
// does not report a false one.
var standIns [1 << 12]uint64

func standIn(word *atomic.Uint32) unsafe.Pointer {
	return unsafe.Pointer(&standIns[uint64(uintptr(unsafe.Pointer(word)))*0x9E3779B97F4A7C15>>52])
}

// acquired tells the race detector that the calls of releasing for the word so far synchronize before
// this call.
func acquired(word *atomic.Uint32) {
	if race.Enabled {
		race.Acquire(standIn(word))
	}
}

// releasing tells the race detector that this call synchronizes before the next call of acquired
// for the word.
func releasing(word *atomic.Uint32) {
	if race.Enabled {
		race.ReleaseMerge(standIn(word))
	}
}
