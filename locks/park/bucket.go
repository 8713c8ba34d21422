// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// A bucket holds the queues of the words whose hash begins with its number.
//
// The queues of a bucket form a tree, so that a long queue, or many queues, do not slow
// the others: each head of a queue is a node, and the bits of the word's hash say where
// to go from there. It is a digital search tree (Coffman and Eve, File structures using
// hashing functions, 1970): no order, no rotation, expected depth log n, and any node of
// a subtree may stand at its top.
type bucket struct {
	bucketState
	// Buckets are on cache lines of their own: neighbours are strangers.
	_ [64 - unsafe.Sizeof(bucketState{})]byte
}

type bucketState struct {
	mu   sync.Mutex
	root *Waiter

	// waiters counts those who called Wait: those in the queues and those about to look
	// at their word. So a Wake with nobody there is one load.
	waiters atomic.Int32

	// Whether pinned threads should wait awake here before they sleep; see Waiter.spin.
	spinsInVain atomic.Int32
}

const (
	bucketBits = 9 // 32 KiB, touched only where words hash to
	bucketMask = 1<<bucketBits - 1
)

var buckets [1 << bucketBits]bucket

// hash spreads the bits of an address (Fibonacci hashing: Knuth, The Art of Computer
// Programming, volume 3, 6.4). An address is a good key: heap objects do not move, and
// the waiter's pointer to the word forces it to the heap and keeps it there.
func hash(addr *atomic.Uint32) uint64 {
	return uint64(uintptr(unsafe.Pointer(addr))) * 0x9E3779B97F4A7C15
}

func bucketOf(addr *atomic.Uint32) *bucket {
	return &buckets[hash(addr)>>(64-bucketBits)&bucketMask]
}

// The race detector must not take the lock of a bucket, which strangers share, for an order
// among its users: it would hide their races. So it does not see the lock, nor the
// count, and the functions that rely on it are marked go:norace.

func (b *bucket) lock() {
	race.Disable()
	b.mu.Lock()
	race.Enable()
}

func (b *bucket) unlock() {
	race.Disable()
	b.mu.Unlock()
	race.Enable()
}

// count adds to the number of waiters.
func (b *bucket) count(n int32) {
	race.Disable()
	b.waiters.Add(n)
	race.Enable()
}

// idle reports whether nobody waits, or is about to.
func (b *bucket) idle() bool {
	race.Disable()
	n := b.waiters.Load()
	race.Enable()
	return n == 0
}

// discount takes w, which has left its queue, out of the count. b is locked.
//
//go:norace
func (b *bucket) discount(w *Waiter) {
	if w.counted {
		w.counted = false
		b.count(-1)
	}
}

// find returns the link that points to the head of the queue on addr, or the empty link
// where it would hang. b is locked.
//
//go:norace
func (b *bucket) find(addr *atomic.Uint32) **Waiter {
	link := &b.root
	for h := hash(addr) << bucketBits; *link != nil && (*link).addr != addr; h <<= 1 {
		if h>>63 == 0 {
			link = &(*link).left
		} else {
			link = &(*link).right
		}
	}
	return link
}

// prune takes the node at link out of the tree. A leaf from below takes its place.
//
//go:norace
func (b *bucket) prune(link **Waiter) {
	gone := *link
	leaf := link
	for {
		if (*leaf).left != nil {
			leaf = &(*leaf).left
		} else if (*leaf).right != nil {
			leaf = &(*leaf).right
		} else {
			break
		}
	}
	top := *leaf
	*leaf = nil
	if top != gone {
		top.left, top.right = gone.left, gone.right
		*link = top
	}
	gone.left, gone.right, gone.tail, gone.handedOff = nil, nil, nil, 0
}
