// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"reflect"
	"strconv"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// keyEdges tell the race detector that an unlock of a key happens before the next lock of it, and is unrelated to
// other keys. The words of the lock cannot, since nothing remains of a key that no goroutine holds. The first edge
// is for what writers have done, the second for what readers have done; readers are not ordered among themselves.
// Two keys share their edges with a probability of one in the number of edges. There are none in a program that is
// not built with -race.
var keyEdges = newKeyEdges()

func newKeyEdges() *[1 << 16][2]uint64 {
	if !race.Enabled {
		return nil
	}
	return new([1 << 16][2]uint64)
}

// edges returns the edges of a key.
func (t *keyTable[K]) edges(hash uint64) *[2]uint64 {
	const golden = 0x9E3779B97F4A7C15
	return &keyEdges[(hash^uint64(uintptr(unsafe.Pointer(t))))*golden>>48]
}

// acquired tells the race detector that a key is locked.
func (t *keyTable[K]) acquired(hash uint64, mode keyMode) {
	if race.Enabled {
		edges := t.edges(hash)
		race.Acquire(unsafe.Pointer(&edges[0]))
		if mode == keyWritten {
			race.Acquire(unsafe.Pointer(&edges[1]))
		}
	}
}

// releasing tells the race detector that a key is about to be unlocked.
func (t *keyTable[K]) releasing(hash uint64, mode keyMode) {
	if race.Enabled {
		edges := t.edges(hash)
		if mode == keyWritten {
			race.ReleaseMerge(unsafe.Pointer(&edges[0]))
		} else {
			race.ReleaseMerge(unsafe.Pointer(&edges[1]))
		}
	}
}

// The three queues of the lock of a key are those of its RWMutex, and describe the key to package
// watch.
type (
	keyWriterQueue[K comparable] keyEntry[K]
	keyDrainQueue[K comparable]  keyEntry[K]
	keyReaderQueue[K comparable] keyEntry[K]
)

func (e *keyWriterQueue[K]) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	return (*mutexQueue)(&e.lock.w.Mutex).Enqueue(q, w)
}

func (e *keyWriterQueue[K]) GiveUp(q park.Queue, w *park.Waiter) {
	(*mutexQueue)(&e.lock.w.Mutex).GiveUp(q, w)
}

func (e *keyDrainQueue[K]) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	return (*rwWriterQueue)(&e.lock).Enqueue(q, w)
}

func (e *keyDrainQueue[K]) GiveUp(q park.Queue, w *park.Waiter) {
	(*rwWriterQueue)(&e.lock).GiveUp(q, w)
}

func (e *keyReaderQueue[K]) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	return (*rwReaderQueue)(&e.lock).Enqueue(q, w)
}

func (e *keyReaderQueue[K]) GiveUp(q park.Queue, w *park.Waiter) {
	(*rwReaderQueue)(&e.lock).GiveUp(q, w)
}

func (e *keyWriterQueue[K]) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return e.in.owner, e.in.verb + " " + keyString(e.key)
}

func (e *keyDrainQueue[K]) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return e.in.owner, "write " + keyString(e.key) + ", until the readers have left"
}

func (e *keyReaderQueue[K]) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return e.in.owner, "read " + keyString(e.key)
}

// keyString returns a key as package watch shows it: a string or number by its value, any other key by its type. It
// calls neither methods of the key nor package fmt; see [park.Describer].
func keyString[K comparable](key K) string {
	switch v := reflect.ValueOf(key); {
	case !v.IsValid():
		return "nil"
	case v.Kind() == reflect.String:
		return strconv.Quote(v.String())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	default:
		return "a " + v.Type().String()
	}
}
