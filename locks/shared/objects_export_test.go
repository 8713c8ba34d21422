// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"
)

// Waiting returns how many goroutines of the process wait in the crowd of the word at p.
func Waiting[T any](p *T) int {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	if c := crowds.of[(*atomic.Uint32)(unsafe.Pointer(p))]; c != nil {
		return c.waiting.Len()
	}
	return 0
}

// Queued returns how many goroutines of the process wait for permits.
func (s *Semaphore) Queued() int { return int(s.local().waiting.Load()) }

// Sleeping reports whether a goroutine sleeps until permits are free, or is about to.
func (s *Semaphore) Sleeping() bool { return s.gate.Load()&1 != 0 }

// WasBroken reports whether a round that has ended was broken, as far as that is known.
func (b *Barrier) WasBroken(round uint32) bool { return b.wasBroken(round) }

// SetRound changes the word as the last party does that is killed before it wakes the others.
func (b *Barrier) SetRound(round uint32) { b.round.Store(round << 1) }

// Came returns how many parties of the round have come.
func (b *Barrier) Came() uint64 { return b.arrived(b.round.Load() >> 1) }

// WaitingAtBarrier is Waiting for a Barrier.
func WaitingAtBarrier(b *Barrier) int { return Waiting(&b.round) }
