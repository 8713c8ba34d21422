// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"
)

func ExploreMemory[T any]() *T {
	explored.region = new([128]uint64)
	return (*T)(unsafe.Pointer(explored.region))
}

// Bury does what the kernel does for process n, which was killed: it marks its words, and wakes.
func Bury(n int, words ...*atomic.Uint32) {
	id := uint32(n) + 1
	explored.killed = true
	for _, word := range words {
		for s := word.Load(); s&ownerMask == id; s = word.Load() {
			if word.CompareAndSwap(s, s&waiters|died) {
				if s&waiters != 0 {
					wake(word, 1)
				}
				break
			}
		}
	}
	explored.dead[id].Store(1)
}

// ExploreRegion returns what a process closes, for which closer stands, and which users have open. protect ends these.
func ExploreRegion(users, closer int, protect func()) *Region {
	explored.closing, explored.users, explored.closer, explored.protect = new(Region), users, closer, protect
	return explored.closing
}
