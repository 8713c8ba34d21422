// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package pin records which goroutines osync has pinned to their operating system threads. Package
// park uses it to decide where a caller sleeps.
//
// A goroutine is identified by its number, which the runtime never reuses. A goroutine that ends while it
// is pinned leaves its entry behind. The entry matches no other goroutine, and is replaced when a
// goroutine with the same record in the runtime is pinned. So there are never more entries than the
// largest number of goroutines that existed at the same time.
package pin

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/goid"
)

// An entry is a pinned goroutine.
type entry struct {
	record uintptr // the address of the runtime's record of the goroutine
	id     uint64
	value  any
}

const shards = 64 // enough that a look-up reads a handful of entries with 1,000 threads

// pinned holds the entries, by record. A shard is an immutable slice, replaced as a whole under
// mu, so that a look-up takes no lock.
var (
	pinned [shards]atomic.Pointer[[]entry]
	mu     sync.Mutex
)

// all is read by every wait.
var all struct {
	_     cacheline.Pad
	count atomic.Int32 // of the entries
	_     cacheline.Pad
}

// Here reports whether the calling goroutine is pinned. If no goroutine is pinned, it costs one
// atomic load.
func Here() bool { return all.count.Load() != 0 && Current() != nil }

// Current returns the value that the calling goroutine passed to Add, or nil if it is not pinned.
func Current() any {
	if all.count.Load() == 0 {
		return nil
	}
	record, id := goid.Self()
	if entries := shard(record).Load(); entries != nil {
		for i := range *entries {
			if e := &(*entries)[i]; e.record == record {
				if e.id == id {
					return e.value
				}
				return nil // the entry of an earlier goroutine
			}
		}
	}
	return nil
}

// Count returns the number of entries.
func Count() int { return int(all.count.Load()) }

// Add records that the calling goroutine is pinned, with a value that is not nil. The goroutine has
// locked itself to its thread, and has no entry yet.
func Add(value any) {
	record, id := goid.Self()
	mu.Lock()
	defer mu.Unlock()
	entries := append(without(record), entry{record, id, value})
	shard(record).Store(&entries)
	all.count.Add(1)
}

// Remove undoes Add.
func Remove() {
	record, _ := goid.Self()
	mu.Lock()
	defer mu.Unlock()
	entries := without(record)
	shard(record).Store(&entries)
}

// without returns the entries of record's shard except that of record. If there is such an entry,
// without subtracts it from the count.
func without(record uintptr) []entry {
	var others []entry
	if entries := shard(record).Load(); entries != nil {
		for _, e := range *entries {
			if e.record != record {
				others = append(others, e)
			} else {
				all.count.Add(-1)
			}
		}
	}
	return others
}

// shard returns the shard of a record. Records are some hundred bytes long.
func shard(record uintptr) *atomic.Pointer[[]entry] { return &pinned[record>>8%shards] }

// ThreadID returns the system's id of the calling thread, or 0 where osync has no binding for it. On
// Linux it makes a system call. The system reuses the ids of threads that have ended, whereas the
// number of a goroutine is unique.
func ThreadID() uint64 { return self() }
