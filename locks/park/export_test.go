// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/osync-go/osync/sys/futex"
)

// LockQueue is WithQueue for a test that does something else meanwhile; q.Unlock unlocks.
func LockQueue(addr *atomic.Uint32) Queue { return lockQueue(addr) }

// Unlock unlocks what LockQueue has locked.
func (q Queue) Unlock() { q.unlock() }

// Always is an Enqueuer that makes every waiter wait.
type Always struct{}

func (Always) Enqueue(q Queue, w *Waiter) uint32 { q.Push(w); return 0 }
func (Always) GiveUp(Queue, *Waiter)             {}

// Entering makes w ready for a Push outside a Sleep, and returns it.
//
//go:norace
func (w *Waiter) Entering() *Waiter {
	w.stage = isEntering
	return w
}

// KeepsAnything reports whether w, which is free, refers to what its user passed to it.
func (w *Waiter) KeepsAnything() bool {
	return w.enqueuer != nil || w.addrToEnter != nil || w.locker != nil || w.wakeLater.n != 0 ||
		w.err != nil || !w.limit.IsZero() || w.done != nil ||
		w.hasLimit || w.mustBeWoken || w.pushes != 0 || w.since != 0 || w.tag != 0
}

// Asleep reports whether the thread of w, which sleeps byKernel, is asleep or sure to be.
func (w *Waiter) Asleep() bool { return w.word.Load() == asleep }

// WakeSpuriously wakes the thread of w spuriously.
func (w *Waiter) WakeSpuriously() { futex.Wake(&w.word, futex.Private) }

// Since returns when w came, by mono.Now.
//
//go:norace
func (w *Waiter) Since() int64 { return w.since }

// Drop frees a Waiter that was taken out and will not be woken.
//
//go:norace
func (w *Waiter) Drop() {
	w.stage = isIdle
	w.Free()
}

// Waiting returns how many waiters are in the queue on addr.
func Waiting(addr *atomic.Uint32) (n int) {
	WithQueue(addr, func(q Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}

// Counted returns the number of sleepers in all buckets.
func Counted() int {
	n := 0
	for i := range buckets {
		b := &buckets[i]
		b.lock()
		for _, sleepers := range b.sleepers {
			n += int(sleepers)
		}
		b.unlock()
	}
	return n
}

// Announced reports whether a waiter may sleep on addr, or on another word of its class.
func Announced(addr *atomic.Uint32) bool { return !unannounced(addr) }

// Check panics if the tree, the lists or the counts of a bucket are wrong.
func Check() {
	for i := range buckets {
		buckets[i].checkAll()
	}
}

// CheckAt is Check for the bucket of a word.
func CheckAt(addr *atomic.Uint32) { bucketOf(addr).checkAll() }

func (b *bucket) checkAll() {
	for b.lock(); b.lent[0] != nil; b.lock() {
		b.unlock()
		b.awaitReturn()
	}
	var sleepers [1 << classBits]int32
	b.check(b.root, &sleepers)
	if sleepers != b.sleepers {
		panic("park: the sleepers are not counted right")
	}
	for class, n := range sleepers {
		if n > 0 && b.announced.Load()>>class&1 == 0 {
			panic("park: a Wake would not see the sleepers")
		}
	}
	b.unlock()
}

// check counts, in the queues of the tree from head on, the waiters that called Wait.
func (b *bucket) check(head *Waiter, sleepers *[1 << classBits]int32) {
	if head == nil {
		return
	}
	if *b.find(head.addr) != head {
		panic("park: the head of a queue cannot be found")
	}
	if head.prev != nil {
		panic("park: the head of a queue has a predecessor")
	}
	last := head
	for w := head; w != nil; w = w.next {
		if w.addr != head.addr {
			panic("park: a waiter is in the queue of another word")
		}
		if w.next != nil && w.next.prev != w {
			panic("park: the links of a queue do not agree")
		}
		if w.counted {
			sleepers[classOf(w.addr)]++
		}
		last = w
	}
	if head.tail != last {
		panic("park: the tail of a queue is wrong")
	}
	b.check(head.left, sleepers)
	b.check(head.right, sleepers)
}

// First returns the first of ws, or nil.
func (ws Waiters) First() *Waiter { return ws.first }

// Class returns the class of a word in its bucket. A sleeper on one is announced for all words of its class.
func Class(addr *atomic.Uint32) uint64 { return classOf(addr) }

// SameBucket returns n words that hash to one bucket.
func SameBucket(n int) []*atomic.Uint32 {
	var words []*atomic.Uint32
	for len(words) < n {
		page := new([4096]atomic.Uint32)
		for i := range page {
			if len(words) < n && (len(words) == 0 || bucketOf(&page[i]) == bucketOf(words[0])) {
				words = append(words, &page[i])
			}
		}
	}
	return words
}

// OtherBucket returns a word that hashes to another bucket.
func OtherBucket(addr *atomic.Uint32) *atomic.Uint32 {
	for {
		if word := new(atomic.Uint32); bucketOf(word) != bucketOf(addr) {
			return word
		}
	}
}

// InBucketOf reports whether two words hash to one bucket.
func InBucketOf(addr1, addr2 *atomic.Uint32) bool { return bucketOf(addr1) == bucketOf(addr2) }

// ByMutex makes w sleep as an Exclusion in a bubble does.
//
//go:norace
func (w *Waiter) ByMutex() {
	w.way, w.sleeper, w.spins = byMutex, (*enqueueThenSleep)(w), false
}

// WhileLent makes runs lend the bucket after that many waiters, and call f then, until undo is called.
func WhileLent(after int, f func()) (undo func()) {
	oldAfter, old := lendAfter, whileLent
	lendAfter, whileLent = after, f
	return func() { lendAfter, whileLent = oldAfter, old }
}

// Goroutines returns how many goroutines are in a state, such as sync.Mutex.Lock, with a function of the name on
// their stacks.
func Goroutines(state, function string) (n int) {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	for g := range strings.SplitSeq(string(all), "\n\n") {
		head, calls, _ := strings.Cut(g, "\n")
		if strings.Contains(head, "["+state) && strings.Contains(calls, function) {
			n++
		}
	}
	return n
}
