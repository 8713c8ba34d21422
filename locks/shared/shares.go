// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import "sync/atomic"

// A share is the part of one process in a lock: its number of permits, or of waiting parties. It is changed by the
// process that owns it, with the lock's Mutex held, and by any process that finds that the owner has died.
//
//	free            → owned, count 0        a process that had none: claimShare
//	owned, count n  → owned, count m        its owner: a single store
//	owned, count 0  → free                  its owner
//	owned, count n  → died, count n         the kernel, or a waiter that finds no such process: markDead
//	died, count n   → died, count 0 → free  whoever has the Mutex: reclaimShares
type share struct {
	owned
	round atomic.Uint32 // of a Barrier
	count atomic.Int64
}

// claimShare returns the process's share, or takes a free one, or returns nil if there is none. last is the index of
// the share that the process had last, in memory of the process's own.
func claimShare(shares []share, last *atomic.Uint32) (*share, error) {
	i := int(last.Load()) % len(shares)
	if shares[i].owner() != 0 {
		return &shares[i], nil
	}
	for range shares {
		s := &shares[i]
		id, err := s.id()
		if err != nil {
			return nil, err
		}
		if taken, _ := s.take(id, 0); taken {
			s.count.Store(0)
			last.Store(uint32(i))
			return s, nil
		}
		i = (i + 1) % len(shares)
	}
	return nil, nil
}

// reclaimShares frees the shares whose owners died. It first calls lost, if that is not nil, with each, and reports
// whether there were any.
func reclaimShares(shares []share, lost func(*share)) (found bool) {
	for i := range shares {
		s := &shares[i]
		w := s.word.Load()
		if w&ownerMask != 0 || w&died == 0 || !s.buried() { // before that, threads of the process may still write
			continue
		}
		if lost != nil {
			lost(s)
		}
		s.count.Store(0)
		s.word.CompareAndSwap(w, 0)
		found = true
	}
	return found
}

// markDead marks the shares whose owners died, if the kernel has not.
func markDead(shares []share) {
	for i := range shares {
		if w := shares[i].word.Load(); w&ownerMask != 0 {
			shares[i].orphaned(w)
		}
	}
}
