// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package pin knows which goroutines have pinned their operating system thread to themselves
// through osync. Package park asks it how a caller wants to sleep.
//
// A goroutine is identified by its number, which is never used again. One that has ended while it was
// pinned leaves its entry behind. The entry matches no other goroutine, and the next one that the
// runtime gives the same record, and that is pinned, replaces it. So there are at most as many entries
// as there ever were goroutines at a time.
package pin

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/goid"
)

// An entry is a pinned goroutine.
type entry struct {
	record uintptr // where the runtime keeps it
	id     uint64
	value  any
}

const shards = 64 // enough that a look-up reads a handful of entries with 1,000 threads

// pinned holds the entries, by record. A shard is an immutable slice, replaced as a whole under
// mu, so that a look-up takes no lock.
var (
	count  atomic.Int32
	pinned [shards]atomic.Pointer[[]entry]
	mu     sync.Mutex
)

// Here reports whether the calling goroutine is pinned. With nothing pinned anywhere it
// is one atomic load.
func Here() bool { return count.Load() != 0 && Current() != nil }

// Current returns the value that the calling goroutine has given to Add, or nil if it is not
// pinned.
func Current() any {
	if count.Load() == 0 {
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

// Count returns how many entries there are.
func Count() int { return int(count.Load()) }

// Add notes that the calling goroutine is pinned, with a value that is not nil. It has locked
// itself to its thread, and is not pinned yet.
func Add(value any) {
	record, id := goid.Self()
	mu.Lock()
	defer mu.Unlock()
	entries := append(without(record), entry{record, id, value})
	shard(record).Store(&entries)
	count.Add(1)
}

// Remove undoes Add.
func Remove() {
	record, _ := goid.Self()
	mu.Lock()
	defer mu.Unlock()
	entries := without(record)
	shard(record).Store(&entries)
}

// without returns the entries of record's shard but that of record, if there is one, which it
// takes off the count.
func without(record uintptr) []entry {
	var others []entry
	if entries := shard(record).Load(); entries != nil {
		for _, e := range *entries {
			if e.record != record {
				others = append(others, e)
			} else {
				count.Add(-1)
			}
		}
	}
	return others
}

// shard returns the shard of a record. Records are some hundred bytes long.
func shard(record uintptr) *atomic.Pointer[[]entry] { return &pinned[record>>8%shards] }

// ThreadID returns the id of the calling thread as the system knows it, or 0 where osync
// has no way to ask. On Linux it is a system call. The system uses the id of a dead thread again;
// the number of a goroutine is unique.
func ThreadID() uint64 { return self() }
