// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "github.com/osync-go/osync/explore/hook"

// ofCaller gives two goroutines of which one was started right after the other different slots. It goes by their numbers,
// as the address of a stack differs from execution to execution. TestSlotsApart covers the address.
func (s *biasSlots) ofCaller() *biasSlot {
	if !hook.Exploring() {
		return &s.slots[0]
	}
	return &s.slots[hook.Goroutine()%2]
}
