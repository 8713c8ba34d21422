// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// The race detector watches the memory that Go manages, and no other: an access to a region, atomic or not, is not
// recorded and orders nothing, and neither do the detector's own functions with an address there. So what a lock
// in a region orders in the memory of this process is told for a stand-in, a word in Go's memory. Locks may have the same one:
// then the detector takes some goroutines for ordered that are not, and may miss a race, but reports none that is not there.
var standIns [1 << 12]uint64

func standIn(word *atomic.Uint32) unsafe.Pointer {
	return unsafe.Pointer(&standIns[uint64(uintptr(unsafe.Pointer(word)))*0x9E3779B97F4A7C15>>52])
}

// acquired says that what came before the calls of releasing for the word so far is before what follows.
func acquired(word *atomic.Uint32) {
	if race.Enabled {
		race.Acquire(standIn(word))
	}
}

// releasing says that what came before is before what follows the next acquired for the word.
func releasing(word *atomic.Uint32) {
	if race.Enabled {
		race.ReleaseMerge(standIn(word))
	}
}
