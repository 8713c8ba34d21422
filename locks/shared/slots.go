// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import "sync/atomic"

// MaxKeepers is the maximum number of keepers that can use a region at the same time. A process has one keeper, up to
// four if it uses more than 2,000 locks, and one for each 2,000 locks that it holds at the same time.
const MaxKeepers = 256

// A slot of a region belongs to a keeper of one process, as long as that process has the record lock on the slot's byte.
// The kernel releases the lock when all threads of the process have ended, whatever the process's number is, and in
// whichever pid namespace.
type slot struct {
	alive atomic.Uint32 // the id, until the kernel marks it: it is the first in the keeper's list, so its address is a multiple of 8
	id    atomic.Uint32 // of the keeper; 0 if the slot is free
	pid   uint32        // in the process's own namespace
	old   uint32        // 1 if the keeper was of an earlier start of the system; see boot
	start uint64        // when the process began, in ticks since the system's start
	ns    uint64        // the pid namespace
}

// owns reports whether the process has a keeper of this id in the region.
func (r *Region) owns(id uint32) bool {
	for i := range r.ids {
		if id != 0 && r.ids[i].Load() == id {
			return true
		}
	}
	return false
}

// slotOf returns the slot that has the id, or nil.
func (h *header) slotOf(id uint32) *slot {
	for i := range h.slots {
		if h.slots[i].id.Load() == id {
			return &h.slots[i]
		}
	}
	return nil
}
