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
