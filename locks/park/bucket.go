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
	_ [128 - unsafe.Sizeof(bucketState{})]byte
}

type bucketState struct {
	mu   sync.Mutex
	root *Waiter

	// sleepers counts the waiters that came by Wait, in classes of words, so that one that sleeps for
	// long slows down the Wake of few other words. It is guarded by mu.
	sleepers [1 << classBits]int32
	// expected has the bit of each class in which there may be sleepers, so that a Wake without
	// sleepers is one load. It is changed under mu: a Wait sets its bit, before it looks at its word,
	// and a Wake that finds no sleepers clears it. It is not a count, which would be an atomic operation
	// for each Wait and each Wake.
	expected atomic.Uint32

	// lent are the words whose queues are held by a goroutine that has unlocked mu for a long piece
	// of work on them; see Queue.lend. It is guarded by mu. To get one of them is to wait for lending.
	lent    [2]*atomic.Uint32
	lending sync.Mutex

	// Whether pinned threads should wait awake here before they sleep; see Waiter.spin.
	spinsInVain atomic.Int32
}

const (
	bucketBits = 9 // 64 KiB, touched only where words hash to
	bucketMask = 1<<bucketBits - 1
	classBits  = 4
	classMask  = 1<<classBits - 1
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

// classOf returns the class of a word in its bucket.
func classOf(addr *atomic.Uint32) uint64 {
	return hash(addr) >> (64 - bucketBits - classBits) & classMask
}

// The race detector must not take the lock of a bucket, which strangers share, for an order
// among its users: it would hide their races. So it does not see the lock, nor
// expected, and the functions that rely on it are marked go:norace.

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

// isLent reports whether the queue on addr is lent. b is locked.
//
//go:norace
func (b *bucket) isLent(addr *atomic.Uint32) bool {
	return b.lent[0] != nil && (b.lent[0] == addr || b.lent[1] == addr)
}

// awaitReturn waits until the words that are lent are back. b is not locked.
func (b *bucket) awaitReturn() {
	race.Disable()
	b.lending.Lock()
	b.lending.Unlock() //lint:ignore SA2001 it is a wait
	race.Enable()
}

// expect announces a sleeper.
func (q Queue) expect() {
	race.Disable()
	bit := uint32(1) << classOf(q.addr)
	if old := q.b.expected.Load(); old&bit == 0 {
		q.b.expected.Store(old | bit)
	}
	race.Enable()
}

// idle reports whether no goroutine sleeps in Wait on a word of the class of addr.
func idle(addr *atomic.Uint32) bool {
	race.Disable()
	expected := bucketOf(addr).expected.Load()
	race.Enable()
	return expected>>classOf(addr)&1 == 0
}

// settle takes the announcement back if there are no sleepers.
//
//go:norace
func (q Queue) settle() {
	if class := classOf(q.addr); q.b.sleepers[class] == 0 {
		race.Disable()
		q.b.expected.Store(q.b.expected.Load() &^ (1 << class))
		race.Enable()
	}
}

// count adds n to the count of sleepers.
//
//go:norace
func (q Queue) count(n int32) { q.b.sleepers[classOf(q.addr)] += n }

// discount takes w, which has left q, out of the count.
//
//go:norace
func (q Queue) discount(w *Waiter) {
	if w.counted {
		w.counted = false
		q.count(-1)
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
