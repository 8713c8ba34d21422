// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/race"
)

// A bucket holds the queues of the words whose hash begins with its number.
//
// The queues of a bucket form a tree, so that a long queue, or many queues, do not slow down the
// others: each head of a queue is a node, and the bits of the word's hash direct the search. It is
// a digital search tree (Coffman and Eve, File structures using hashing functions, 1970): it needs
// no order and no rotation, has an expected depth of log n, and any node of a subtree can be its
// root.
//
// A bucket is as long as two cache lines, since its neighbours serve unrelated words. The linker aligns the
// buckets to only 32 bytes, so a line may end within a bucket. The fields that the locks of goroutines use
// come first: these 32 bytes are in one line, which holds no such field of another bucket.
type bucket struct {
	bucketState
	_ [cacheline.Size - unsafe.Sizeof(bucketState{})]byte
}

type bucketState struct {
	mu   sync.Mutex
	root *Waiter
	// lent holds the words whose queues a goroutine keeps locked although it has unlocked mu for long
	// work on them; see Queue.lend. It is guarded by mu. A goroutine that needs one of these queues
	// waits for lending, which the borrower holds.
	lent    [2]*atomic.Uint32
	lending sync.Mutex

	announcements // of the waiters in Wait; see park.go

	// vainSpins decides whether a pinned thread spins before it sleeps; see Waiter.spin.
	vainSpins atomic.Int32
}

const (
	bucketBits = 9 // 64 KiB, of which only the buckets of words in use are touched
	bucketMask = 1<<bucketBits - 1
)

var buckets [1 << bucketBits]bucket

// hash spreads the bits of an address (Fibonacci hashing: Knuth, The Art of Computer Programming,
// volume 3, 6.4). An address is a good key: heap objects do not move, and the waiter's pointer to
// the word forces the word onto the heap and keeps it there.
func hash(addr *atomic.Uint32) uint64 {
	return uint64(uintptr(unsafe.Pointer(addr))) * 0x9E3779B97F4A7C15
}

func bucketOf(addr *atomic.Uint32) *bucket {
	return &buckets[hash(addr)>>(64-bucketBits)&bucketMask]
}

// The race detector must not mistake the lock of a bucket for an ordering among the users of its words,
// who are unrelated: that would hide their races. So it sees neither the lock nor the announcements,
// and the functions that rely on them are marked go:norace.

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
	return b.lent[0] == addr || b.lent[1] == addr
}

// awaitReturn waits until the queues that are lent have been returned. b is not locked.
func (b *bucket) awaitReturn() {
	race.Disable()
	b.lending.Lock()
	b.lending.Unlock() //lint:ignore SA2001 it is a wait
	race.Enable()
}

// lockBuckets locks two buckets, which may be the same one, in a fixed order.
func lockBuckets(b1, b2 *bucket) {
	switch n1, n2 := uintptr(unsafe.Pointer(b1)), uintptr(unsafe.Pointer(b2)); {
	case n1 == n2:
		b1.lock()
	case n1 < n2:
		b1.lock()
		b2.lock()
	default:
		b2.lock()
		b1.lock()
	}
}

func unlockBuckets(b1, b2 *bucket) {
	b1.unlock()
	if b2 != b1 {
		b2.unlock()
	}
}

// find returns the link that points to the head of the queue on addr, or the nil link
// where that head belongs. b is locked.
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

// prune takes the node at link out of the tree. A leaf of its subtree takes its place.
//
//go:norace
func (b *bucket) prune(link **Waiter) {
	node := *link
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
	if top != node {
		top.left, top.right = node.left, node.right
		*link = top
	}
	node.left, node.right, node.tail, node.lastHandOff = nil, nil, nil, 0
}
