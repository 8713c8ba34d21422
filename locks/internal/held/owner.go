// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// HolderOf returns the number of a goroutine that holds the lock at addr, preferring the writer, or 0 if none is
// known.
//
//go:norace
func HolderOf(addr uintptr) (goroutine uint64) {
	race.Disable()
	defer race.Enable()
	for in := instances[slotOf(addr)].Load(); in != nil; in = in.next.Load() {
		lock := in.lock.Value()
		if in.addr != addr || lock == nil {
			continue
		}
		for _, mode := range []Mode{Write, Upgradable, Read} {
			if id := holder(unsafe.Pointer(lock), in, mode, false); id != 0 {
				return id
			}
		}
	}
	return 0
}
