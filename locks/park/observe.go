// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/observe"
)

// A Describer is an [Enqueuer] that tells package watch what its waiters wait for.
type Describer interface {
	// Describe returns the lock of a waiter, as a pointer, and what the waiter waits for: "lock", "read", "3
	// units". The waiter sleeps on the word at addr, which differs from the word of its Sleep if it was moved.
	// Describe must not block, and must read only fields of the lock that never change, since other goroutines
	// use the lock meanwhile. It must not use a sync.Pool, and so not package fmt: the race detector may be
	// disabled, so it would miss the hand-over by the pool and report false races.
	Describe(addr *atomic.Uint32, tag uint64) (lock any, purpose string)
}

// observed says whether package watch observes a wait, and of which kind the wait is. The other bits are those
// of blame.go.
type observed uint8

const (
	notObserved       observed = 0
	observedExclusion observed = 1 << (iota - 1)
	observedCondition
	blamed  // the unlocks that this wait is for can be charged with it
	skipped // the next unlock is not charged
	chosen  // the next unlock is charged with the time since marked
	owing   // the Wake of this waiter charges its caller with owed
)

// An observation is the data about a wait that only package watch needs.
type observation struct {
	goroutine uint64
	lastAddr  *atomic.Uint32 // the word in whose queue the waiter is, or was last
	charge
	before  moved
	waker   *observe.Waker // of the longest part; see noteWaker
	part    int64          // how long that part was
	wokenAt int64          // by the last noteWaker; 0 if there was none
	region  observe.Region
}

// observing reports whether package watch is part of the program.
func observing() bool { return observe.On() != 0 }

// observe begins the observation of a wait.
//
//go:norace
func (w *Waiter) observe(kind Kind) {
	switch {
	case kind == Condition:
		w.observed = observedCondition
		w.since = mono.Now()
	case observe.On()&observe.Contention != 0:
		w.observed = observedExclusion | blamed
	default:
		w.observed = observedExclusion
	}
	_, w.goroutine = goid.Self()
}

// unobserve ends the observation of a wait.
//
//go:norace
func (w *Waiter) unobserve() {
	w.endRegion()
	if w.lastAddr != nil && observe.On()&(observe.Names|observe.Slow) != 0 {
		w.tellEnd()
	}
	w.observed, w.observation, w.enqueuer = notObserved, observation{}, nil
}

func init() { observe.Visit = visit }

// visitChunk is the number of waits for which memory is allocated before a queue is locked.
const visitChunk = 100

// visit is [observe.Visit]. While it goes through a queue, that queue is locked; after lendAfter waiters the
// other queues of its bucket are unlocked.
func visit(f func(*observe.Wait)) {
	var words []*atomic.Uint32
	waits := make([]observe.Wait, 0, visitChunk)
	for i := range buckets {
		words = buckets[i].words(words[:0])
		for _, addr := range words {
			waits = appendWaits(waits[:0], addr)
			for i := range waits {
				f(&waits[i])
			}
			clear(waits)
		}
	}
}

// words appends the words on which waiters sleep.
//
//go:norace
func (b *bucket) words(words []*atomic.Uint32) []*atomic.Uint32 {
	race.Disable()
	b.mu.Lock()
	defer race.Enable()
	defer b.mu.Unlock()
	var walk func(head *Waiter)
	walk = func(head *Waiter) {
		if head != nil {
			words = append(words, head.addr)
			walk(head.left)
			walk(head.right)
		}
	}
	walk(b.root)
	return words
}

// appendWaits appends the waits on the word at addr.
//
//go:norace
func appendWaits(waits []observe.Wait, addr *atomic.Uint32) []observe.Wait {
	q := lockQueue(addr)
	defer q.unlock()
	lent := false
	for w := q.head(); w != nil; w = w.next {
		if len(waits) == lendAfter && !lent {
			lent = q.lend()
		}
		if w.way == inGroup && w.lost() || w.way == byClose { // no goroutine waits here
			continue
		}
		waits = append(waits, w.view())
	}
	if lent {
		q.reclaim()
	}
	return waits
}

// view returns the wait of w, which is in a queue that is locked.
//
//go:norace
func (w *Waiter) view() observe.Wait {
	v := observe.Wait{
		Word:      unsafe.Pointer(w.addr),
		Tag:       w.tag,
		Began:     w.since,
		Goroutine: w.goroutine,
		Exclusion: w.observed&observedExclusion != 0,
		Pinned:    w.Pinned(),
		Limited:   w.hasLimit,
		Waiter:    uintptr(unsafe.Pointer(w)),
	}
	if w.way == inGroup {
		v.Limited = w.group.primary.hasLimit
	}
	if _, ok := w.enqueuer.(compare); !ok {
		v.Enqueuer = w.enqueuer
	}
	return v
}
