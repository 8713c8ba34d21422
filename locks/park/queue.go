// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"iter"
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/internal/observe"
)

// A Queue is the queue of the waiters on one word, locked. Authors of locks use it to change the
// word and the queue in one step: while a Queue is locked, no other goroutine joins it, leaves it,
// or gives up. The Queue is unlocked when the function that it was passed to returns or panics, and
// must not be used after that.
//
//	park.WithQueue(&m.state, func(q park.Queue) {
//		if w = q.Pop(); w == nil || q.Empty() {
//			m.state.Store(…)
//		}
//	})
//	if w != nil {
//		w.Wake(token)
//	}
//
// A locked Queue delays every word of the same bucket, so do no more than load and store the word and
// call those methods of Queue and Waiter that need a locked Queue. Do not wake a Waiter, lock another
// Queue, or use anything that locks one, such as a lock of package locks: that can deadlock. For two
// words use [WithQueues].
type Queue struct {
	debug queueDebug //lint:ignore U1000 used with osync_debug; first, since it is empty otherwise
	b     *bucket
	addr  *atomic.Uint32
	with  *atomic.Uint32 // the other word of WithQueues, or nil
}

// WithQueue calls f with the queue of the word at addr, locked. It may block for the short time that
// another goroutine holds a queue of the same bucket. If f panics, WithQueue unlocks the queue and the
// panic continues. WithQueue costs some ten nanoseconds and allocates nothing.
func WithQueue(addr *atomic.Uint32, f func(q Queue)) {
	q := lockQueue(addr)
	defer q.unlock()
	f(q)
}

// WithQueues calls f with the queues of two words, both locked, as WithQueue does with one. The
// words may be given in any order; calls that name them in opposite orders do not deadlock.
func WithQueues(addr1, addr2 *atomic.Uint32, f func(q1, q2 Queue)) {
	q1, q2 := lockQueues(addr1, addr2)
	defer unlockQueues(q1, q2)
	f(q1, q2)
}

// lockQueue locks the queue of addr. If that queue is lent, lockQueue waits until it is returned.
//
//go:norace
func lockQueue(addr *atomic.Uint32) Queue {
	q := Queue{b: bucketOf(addr), addr: addr}
	q.mustHoldNone()
	q.b.lock()
	for q.b.lent[0] != nil && q.b.isLent(addr) {
		q.b.unlock()
		q.b.awaitReturn()
		q.b.lock()
	}
	return q.noteLocked()
}

// lockQueues locks two queues.
func lockQueues(addr1, addr2 *atomic.Uint32) (q1, q2 Queue) {
	q1 = Queue{b: bucketOf(addr1), addr: addr1, with: addr2}
	q2 = Queue{b: bucketOf(addr2), addr: addr2, with: addr1}
	q1.mustHoldNone()
	for {
		lockBuckets(q1.b, q2.b)
		switch {
		case q1.b.isLent(addr1):
			unlockBuckets(q1.b, q2.b)
			q1.b.awaitReturn()
		case q2.b.isLent(addr2):
			unlockBuckets(q1.b, q2.b)
			q2.b.awaitReturn()
		default:
			return q1.noteLocked(), q2.noteLocked()
		}
	}
}

func unlockQueues(q1, q2 Queue) {
	q1.noteUnlock()
	if q2.b != q1.b {
		q2.noteUnlock()
	}
	unlockBuckets(q1.b, q2.b)
}

func (q Queue) unlock() {
	q.noteUnlock()
	q.b.unlock()
}

// Addr returns the word whose queue q is.
func (q Queue) Addr() *atomic.Uint32 { return q.addr }

// Front returns the first waiter, or nil if there is none. The waiter stays in the queue.
//
// If it is in a [SleepAny], another lock can take it before this one does, even while q is locked. Then Pop returns
// the next waiter, or nil. To take a waiter depending on what Front returns, call [Queue.Remove] with it, and start
// over if Remove reports false.
//
//go:norace
func (q Queue) Front() *Waiter {
	q.mustBeOpen()
	link := q.b.find(q.addr)
	for *link != nil && (*link).way == inGroup && (*link).lost() {
		q.remove(*link)
		link = q.b.find(q.addr)
	}
	return *link
}

// head is Front without the check that the waiter can still be taken.
//
//go:norace
func (q Queue) head() *Waiter { return *q.b.find(q.addr) }

// Empty reports whether the queue has no waiters.
//
//go:norace
func (q Queue) Empty() bool { return q.Front() == nil }

// Push puts w at the end of the queue. The caller is the [Enqueuer] of w: w is in its
// [Waiter.Sleep], which called Enqueue.
//
//go:norace
func (q Queue) Push(w *Waiter) {
	w.enter(q)
	q.append(w, w)
}

// PushFront is Push to the front of the queue. It is meant for a waiter that was woken and overtaken by
// another goroutine.
//
//go:norace
func (q Queue) PushFront(w *Waiter) {
	w.enter(q)
	q.prepend(w)
}

// PushBefore is Push to a place ahead of the waiters at the end of the queue for which later returns
// true. It calls later for the last waiter, then for the one before it, and so on, until later returns
// false. It is meant for a waiter that was woken in vain and whose place was not at the front.
//
//go:norace
func (q Queue) PushBefore(w *Waiter, later func(other *Waiter) bool) {
	q.mustBeOpen()
	head := q.head()
	var before *Waiter // w's place is behind it
	if head != nil {
		for before = head.tail; before != nil && later(before); {
			before = before.prev
		}
	}
	w.enter(q) // not before, since later may panic
	switch {
	case before == nil:
		q.prepend(w)
	case before == head.tail:
		q.append(w, w)
	default:
		w.prev, w.next = before, before.next
		before.next.prev = w
		before.next = w
	}
}

// prepend puts w, whose word is set, before all others.
//
//go:norace
func (q Queue) prepend(w *Waiter) {
	link := q.b.find(q.addr)
	head := *link
	if head == nil {
		w.next, w.prev, w.tail = nil, nil, w
		*link = w
		return
	}
	w.next, w.prev = head, nil
	head.prev = w
	w.inherit(head)
	if w.observed&blamed != 0 {
		w.ticket = head.ticket - 1
	}
	*link = w
}

// append puts the waiters from first to last, which are linked and have their words set, at the end.
//
//go:norace
func (q Queue) append(first, last *Waiter) {
	last.next = nil
	link := q.b.find(q.addr)
	if head := *link; head == nil {
		first.prev, first.tail = nil, last
		*link = first
	} else {
		first.prev = head.tail
		head.tail.next = first
		head.tail = last
	}
}

// Pop takes the first waiter out and returns it, or returns nil if there is none. The caller must call
// [Waiter.Wake] on it once q is unlocked; otherwise the waiter sleeps forever, whatever its limit.
//
//go:norace
func (q Queue) Pop() *Waiter {
	q.mustBeOpen()
	link := q.b.find(q.addr)
	w := *link
	for w != nil && w.way == inGroup && !w.claim() {
		q.remove(w)
		link = q.b.find(q.addr)
		w = *link
	}
	if w == nil {
		return nil
	}
	if w.observed&blamed != 0 {
		w.blame(w, w.tail)
	}
	q.removeHead(link)
	w.stage = isTaken
	w.setAddr(nil)
	q.noteTaken(w)
	q.uncount(w)
	return w
}

// Remove takes w out of the queue, whatever its place, and reports true. The caller must call [Waiter.Wake] on it once
// q is unlocked, as after [Queue.Pop]. Remove reports false, and does not pass w to the caller, if w is not in this
// queue, or if it is in a [SleepAny] that another lock has ended. Other waiters keep their places. Remove takes the
// same time for every place.
//
// Remove is for a lock whose waiters are not served in FIFO order, such as one with priorities. Find w with
// [Queue.Front] or [Queue.All] while q is locked: a Waiter that has left its queue may serve another goroutine.
//
//go:norace
func (q Queue) Remove(w *Waiter) bool {
	q.mustBeOpen()
	if w.stage != isQueued || w.addr != q.addr {
		return false
	}
	if w.way == inGroup && !w.claim() {
		q.remove(w)
		return false
	}
	if w.observed&blamed != 0 {
		w.blameOf(*q.b.find(q.addr))
	}
	q.remove(w)
	w.stage = isTaken
	q.noteTaken(w)
	return true
}

// PopAll takes all waiters out. The caller must call [Waiters.Wake] once q is unlocked.
//
//go:norace
func (q Queue) PopAll() Waiters { return q.popUpTo(math.MaxInt) }

// popUpTo takes up to n waiters out.
//
//go:norace
func (q Queue) popUpTo(n int) Waiters {
	q.mustBeOpen()
	r := q.detach()
	var ws Waiters
	blames := false
	var counted int32
	for i := 0; r.head != nil && ws.n < n; i++ {
		w := r.next(q, i)
		if w.counted {
			w.counted = false
			counted++
		}
		if w.way == inGroup && !w.claim() {
			r.drop(w)
			continue
		}
		if ws.n == 0 && w.observed&blamed != 0 {
			blames = true
			w.blame(w, r.tail)
		}
		r.keep(w)
		ws.n++
		w.stage = isTaken
		w.setAddr(nil)
		q.noteTaken(w)
		if blames {
			w.decideAs(r.first)
		}
	}
	if blames && r.head != nil {
		r.head.decideAs(r.first)
	}
	ws.first = r.first
	r.attach(q)
	q.count(-counted)
	return ws
}

// MoveTo moves up to n waiters from the front of q to the end of to, and returns how many it moved.
// Each keeps its way of sleeping and its limit, but the time that it has waited starts again. Both
// queues are locked, by [WithQueues].
//
//go:norace
func (q Queue) MoveTo(to Queue, n int) int { return q.move(to, n, false) }

// MoveWoken is MoveTo for waiters that count as woken: their limits no longer end this wait, so that no
// waiter loses its place before it is woken.
//
//go:norace
func (q Queue) MoveWoken(to Queue, n int) int { return q.move(to, n, true) }

//go:norace
func (q Queue) move(to Queue, n int, woken bool) int {
	q.mustBeOpen()
	to.mustBeOpen()
	if q.addr == to.addr {
		return 0
	}
	r, now := q.detach(), mono.Now()
	blames, ticket := observe.On()&observe.Contention != 0, int32(0)
	if blames {
		ticket = to.lastTicket()
	}
	moved, counted, dropped := 0, int32(0), int32(0)
	for i := 0; r.head != nil && moved < n; i++ {
		w := r.next(q, i)
		if w.way == inGroup && (w.lost() || woken && !w.claim()) {
			if w.counted {
				w.counted = false
				dropped++
			}
			r.drop(w)
			continue
		}
		r.keep(w)
		moved++
		if woken && w.hasLimit {
			w.mustBeWoken = true
		}
		if w.observed != notObserved {
			w.observeMove()
		}
		w.setAddr(to.addr)
		w.since = now
		if blames && w.observed != notObserved {
			w.observed |= blamed
			w.ticket = ticket + int32(moved)
		}
		if w.counted {
			counted++
		}
	}
	r.attach(q)
	q.count(-counted - dropped)
	if moved == 0 {
		return 0
	}
	to.append(r.first, r.last)
	if counted != 0 {
		to.count(counted)
		to.announce()
	}
	return moved
}

// removeHead makes the second waiter the head.
//
//go:norace
func (q Queue) removeHead(link **Waiter) {
	head := *link
	second := head.next
	if second == nil {
		q.b.prune(link)
		return
	}
	second.prev = nil
	second.inherit(head)
	*link = second
	head.next = nil
}

// remove takes w out of q, whatever its place.
//
//go:norace
func (q Queue) remove(w *Waiter) {
	link := q.b.find(q.addr)
	if *link == w {
		q.removeHead(link)
	} else {
		w.prev.next = w.next
		if w.next != nil {
			w.next.prev = w.prev
		} else {
			(*link).tail = w.prev
		}
		w.next, w.prev = nil, nil
	}
	w.stage = isIdle
	q.uncount(w)
	w.setAddr(nil) // last: if the group of w was claimed for another, its owner may use w again now
}

// Waiters is a list of waiters that [Queue.PopAll] took out, in FIFO order.
type Waiters struct {
	first *Waiter
	n     int
}

// One returns a Waiters with only w, which [Queue.Pop] took out.
func One(w *Waiter) Waiters { return Waiters{w, 1} }

// Len returns the number of waiters.
func (ws Waiters) Len() int { return ws.n }

// Wake calls [Waiter.Wake] on each waiter with the same token, and returns the number of waiters. With
// one processor the goroutines run in FIFO order.
//
//go:norace
func (ws Waiters) Wake(token uint32) int {
	if closedBubbles {
		if w := ws.cutOff(); w != nil {
			defer w.mustBeReachable() // panics when the others are awake
		}
	}
	// Except on WebAssembly, the scheduler runs the goroutine that became runnable last before those that
	// became runnable earlier. So the first one is woken last. Threads run in the order of the calls.
	if first := ws.first; ws.n > 1 && !first.Pinned() && runtime.GOARCH != "wasm" {
		ws.first = first.next
		defer first.Wake(token)
	}
	for w := ws.first; w != nil; {
		next := w.next // w may be in use again as soon as it is awake
		w.Wake(token)
		w = next
	}
	return ws.n
}

// HandOffDue reports whether the next unlock should hand the lock off to w, which is in q, or about to go
// back to it: w has waited for longer than after since [NewWaiter], or since it was moved, and the last
// hand-off of q is long enough ago. The interval is a twentieth of after, and shrinks, the longer w has
// waited, to a two-hundredth. A waiter that has waited for ten times after need not wait for the interval
// if other goroutines wait for the caller's processor. HandOffDue is for locks that allow barging and
// bound it by hand-offs. The kind of w is [Exclusion].
//
// HandOffDue also reports true for a waiter that was overtaken very often, since the time of a
// synctest bubble stands still while a goroutine in it runs.
//
//go:norace
func (q Queue) HandOffDue(w *Waiter, after time.Duration) bool {
	// A hand-off leaves the lock idle for a goroutine switch, so frequent hand-offs cost throughput, and
	// rare ones make the waits in a long queue long. Measured with an after of 1 ms, the longest wait of 32
	// goroutines with 10 µs inside is 33 ms with an interval of 1 ms, 8 ms with 100 µs, and 5 ms with this
	// rule, whose interval is 50 to 5 µs (sync.Mutex: 10 ms). The longest wait of 512 goroutines with
	// nothing inside is 29 ms with an interval of 10 µs, and 6 ms with this rule (sync.Mutex: 55 ms).
	//
	// On a crowded processor a waiter that is woken, not handed the lock, runs when the time slice of the caller
	// ends, and until then no other is woken. Beside 8 busy goroutines, the longest wait of 32 goroutines with 1
	// µs inside was 490 ms (sync.Mutex: 180 ms); with hand-offs to waiters of 10 ms it is 110 to 200 ms.
	const latest = 10
	const often = 256 // a futile wake takes some µs, so this takes longer than about a millisecond
	q.mustBeOpen()
	now, head := mono.Now(), q.head()
	if w.pushes < often {
		waited := now - w.since
		if !exceeds(waited, after) {
			return false
		}
		late := waited / max(int64(after), 1)
		interval := after / 20 / time.Duration(min(max(late, 1), latest))
		if head != nil && !exceeds(now-head.lastHandOff, interval) && (late < latest || !spin.Crowded()) {
			return false
		}
	}
	if head != nil {
		head.lastHandOff = now
	}
	return true
}

// exceeds reports whether passed, in nanoseconds, is more than limit. So is a negative number: the
// clock of a bubble is years behind the clock outside, and a waiter may see both.
func exceeds(passed int64, limit time.Duration) bool { return passed < 0 || passed > int64(limit) }

// All returns an iterator over the waiters in the queue, from front to end, which stay in it. The
// loop must not change the queue.
//
//go:norace
func (q Queue) All() iter.Seq[*Waiter] {
	return func(yield func(*Waiter) bool) {
		for w := q.Front(); w != nil; w = w.next {
			if !(w.way == inGroup && w.lost()) && !yield(w) {
				return
			}
		}
	}
}
