// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

// Making has f called at the steps in which a region is made.
func Making(f func(step int)) { making = f }

// Claim reports whether a keeper of that id gets a slot.
func (r *Region) Claim(id uint32) (ok bool, err error) {
	i, ok, err := r.claim(&keeper{id: id})
	if ok {
		r.ids[i].Store(id)
	}
	return ok, err
}

// OldSlots returns how many slots are of an earlier start of the system.
func (r *Region) OldSlots() (n int) {
	for i := range r.header().slots {
		n += int(r.header().slots[i].old)
	}
	return n
}
