// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package pin knows which operating system threads a goroutine has pinned to itself
// through osync. Package park asks it how a caller wants to sleep.
//
// An answer may be stale: whoever is taken for pinned sleeps in the kernel, whoever is
// not sleeps in the Go scheduler, and both are correct. Only the cost differs.
package pin

import (
	"sync"
	"sync/atomic"
)

const shards = 64 // enough that a look-up reads a handful of ids with 1,000 threads

// threads holds the ids of the pinned threads, by shard. A shard is an immutable
// slice, replaced as a whole under mu, so that a look-up takes no lock.
var (
	count   atomic.Int32
	threads [shards]atomic.Pointer[[]uint64]
	mu      sync.Mutex
)

// Here reports whether the calling thread is pinned. With nothing pinned anywhere it
// is one atomic load.
func Here() bool { return count.Load() != 0 && pinned() }

func pinned() bool {
	id := self()
	ids := threads[id%shards].Load()
	if ids == nil {
		return false
	}
	for _, other := range *ids {
		if other == id {
			return true
		}
	}
	return false
}

// Count returns how many threads are pinned.
func Count() int { return int(count.Load()) }

// Add notes that the calling thread is pinned. Its caller has locked the goroutine to
// the thread. Calls nest: each Add wants a Remove.
func Add() {
	id := self()
	mu.Lock()
	defer mu.Unlock()
	var ids []uint64
	if old := threads[id%shards].Load(); old != nil {
		ids = append(ids, *old...)
	}
	ids = append(ids, id)
	threads[id%shards].Store(&ids)
	count.Add(1)
}

// Remove takes one Add of the calling thread back, and reports whether there was one.
func Remove() bool {
	id := self()
	mu.Lock()
	defer mu.Unlock()
	old := threads[id%shards].Load()
	if old == nil {
		return false
	}
	for i, other := range *old {
		if other == id {
			ids := append(append([]uint64(nil), (*old)[:i]...), (*old)[i+1:]...)
			threads[id%shards].Store(&ids)
			count.Add(-1)
			return true
		}
	}
	return false
}

// ThreadID returns the id of the calling thread as the system knows it, or 0 where osync
// has no way to ask. On Linux it is a system call.
func ThreadID() uint64 { return self() }

// Known reports whether osync can tell threads apart on this system. Where it cannot,
// nobody is pinned.
func Known() bool { return self() != 0 }
