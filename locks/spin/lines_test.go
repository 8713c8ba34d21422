// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"slices"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/locktest"
)

// TestLinesOfALock derives from what it writes that an operation that need not wait makes one cache line its own,
// and checks that waiters of an MCSLock look at lines of their own.
func TestLinesOfALock(t *testing.T) {
	var l Lock
	var ticket TicketLock
	var mcs MCSLock
	for name, got := range map[string][]int{
		"Lock":              locktest.Written(&l, l.Lock),
		"TicketLock.Lock":   locktest.Written(&ticket, ticket.Lock),
		"TicketLock.Unlock": locktest.Written(&ticket, ticket.Unlock),
		"MCSLock.Lock":      locktest.Written(&mcs, mcs.Lock),
		"MCSLock.Unlock":    locktest.Written(&mcs, mcs.Unlock),
	} {
		if !slices.Equal(got, []int{0}) {
			t.Errorf("%s writes the words %v of 8 bytes, want the first", name, got)
		}
	}
	if size := unsafe.Sizeof(mcsNode{}); size != cacheline.Size {
		t.Errorf("a node of an MCSLock is %d bytes long, want %d", size, cacheline.Size)
	}
}
