// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/observe"
)

// long is for how long waiters of the tests have waited. The moments of a test are nothing beside it.
const long = 30 * time.Minute

// A docket collects what unlocks are charged with, in units of long.
type docket struct {
	charges []int
	sum     time.Duration
}

// contention turns the profile on for a test, with one unlock in fraction charged.
func contention(t *testing.T, fraction uint32) *docket {
	d := new(docket)
	charge := observe.Charge
	observe.Charge = func(delay int64) {
		d.sum += time.Duration(delay)
		d.charges = append(d.charges, int(time.Duration(delay).Round(long)/long))
	}
	t.Cleanup(func() {
		observe.Switch(0, observe.Contention)
		observe.SetFraction(0, 0)
		observe.Charge = charge
	})
	observe.SetFraction(fraction, 0)
	observe.Switch(observe.Contention, 0)
	return d
}

// want checks the charges since the last call.
func (d *docket) want(t *testing.T, what string, charges ...int) {
	t.Helper()
	if !slices.Equal(d.charges, charges) {
		t.Errorf("%s: %v are charged, want %v, times the time that a waiter has waited", what, d.charges, charges)
	}
	d.charges = nil
}

// waiting returns a Waiter that arrived long ago.
func waiting(kind Kind) *Waiter {
	w := NewWaiter(kind, Limit{})
	w.since = mono.Now() - int64(long)
	return w
}

// push puts waiters into the queue on addr.
func push(addr *atomic.Uint32, ws ...*Waiter) {
	WithQueue(addr, func(q Queue) {
		for _, w := range ws {
			q.Push(w.Entering())
		}
	})
}

// unlock takes a waiter out of the queue on addr, and wakes it.
func unlock(addr *atomic.Uint32) (w *Waiter) {
	WithQueue(addr, func(q Queue) { w = q.Pop() })
	w.Wake(0)
	return w
}

// unlockAll takes up to n waiters out of the queue on addr, and wakes them.
func unlockAll(addr *atomic.Uint32, n int) {
	var ws Waiters
	WithQueue(addr, func(q Queue) { ws = q.popUpTo(n) })
	ws.Wake(0)
}

// drop frees waiters that were woken.
func drop(ws ...*Waiter) {
	for _, w := range ws {
		w.Drop()
	}
}

// TestBlame charges unlocks with what waiters have waited since the unlock before.
func TestBlame(t *testing.T) {
	d := contention(t, 1)
	var word atomic.Uint32
	a, b, c := waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	push(&word, a, b, c)
	unlock(&word)
	d.want(t, "the first of three", 3)
	WithQueue(&word, func(q Queue) { q.PushFront(a.Entering()) })
	unlock(&word)
	d.want(t, "one that was overtaken", 0)
	unlock(&word)
	unlock(&word)
	d.want(t, "the others", 0, 0)
	push(&word, a)
	unlock(&word)
	d.want(t, "one that comes back to an empty queue", 0)

	b.Drop()
	b = waiting(Exclusion)
	push(&word, b, a)
	unlock(&word)
	d.want(t, "one that came before the last unlock, with one that was overtaken behind", 0)
	unlock(&word)
	d.want(t, "one that was overtaken", 0)
	drop(a, b, c)

	d.charges = nil
	a, b, c = waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	push(&word, a, b, c)
	unlockAll(&word, 2)
	d.want(t, "two of three", 3)
	push(&word, a)
	unlock(&word)
	d.want(t, "the third", 0)
	unlock(&word)
	d.want(t, "one of the two that has to wait again", 0)
	late := waiting(Exclusion)
	push(&word, b, late)
	unlockAll(&word, math.MaxInt)
	d.want(t, "one of the two, and one more", 0)
	drop(a, b, c, late)
}

// TestBlameGivingUp has waiters that give up. The unlock is charged with the others.
func TestBlameGivingUp(t *testing.T) {
	d := contention(t, 1)
	var word atomic.Uint32
	a, b, c, e := waiting(Exclusion), waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	push(&word, a, b, c, e)
	leave := func(w *Waiter) { WithQueue(&word, func(q Queue) { q.remove(w) }) }
	leave(a)
	leave(c)
	unlock(&word)
	d.want(t, "two of four", 2)
	unlock(&word)
	d.want(t, "the last", 0)
	drop(a, b, c, e)
}

// TestBlameRemove takes waiters out from anywhere in the queue.
func TestBlameRemove(t *testing.T) {
	d := contention(t, 1)
	var word atomic.Uint32
	a, b, c, e := waiting(Exclusion), waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	push(&word, a, b, c, e)
	remove := func(w *Waiter) {
		t.Helper()
		WithQueue(&word, func(q Queue) {
			if !q.Remove(w) {
				t.Error("Remove has not found a waiter")
			}
		})
		w.Wake(0)
	}
	remove(c)
	d.want(t, "the third of four", 4)
	for _, w := range []*Waiter{a, b, e} {
		w.marked -= int64(long)
	}
	remove(a)
	d.want(t, "the first of three", 3)
	remove(e)
	d.want(t, "the second of two", 0)
	unlock(&word)
	d.want(t, "the last", 0)
	drop(a, b, c, e)
}

// TestBlameConditions has waiters for something that happens. They count once they were moved to a lock.
func TestBlameConditions(t *testing.T) {
	d := contention(t, 1)
	var cond, word atomic.Uint32
	a, b, c := waiting(Condition), waiting(Condition), waiting(Condition)
	push(&cond, a, b, c)
	unlock(&cond)
	d.want(t, "a condition")
	first := waiting(Exclusion)
	push(&word, first)
	WithQueues(&cond, &word, func(from, to Queue) { from.MoveTo(to, 2) })
	unlock(&word)
	d.want(t, "one with two that were just moved behind", 1)
	b.since -= int64(long) // does not count, as an unlock was since
	unlock(&word)
	unlock(&word)
	d.want(t, "two that were moved", 0, 0)
	drop(a, b, c, first)
}

// TestBlameLongQueue has more waiters than an unlock looks at.
func TestBlameLongQueue(t *testing.T) {
	d := contention(t, 1)
	var cond, word atomic.Uint32
	const n = 100
	var ws []*Waiter
	for range n {
		ws = append(ws, waiting(Exclusion))
	}
	push(&word, ws[1:n/2]...)
	WithQueue(&word, func(q Queue) { q.PushFront(ws[0].Entering()) })
	push(&cond, ws[n/2:]...)
	WithQueues(&cond, &word, func(from, to Queue) { from.MoveTo(to, n) })
	for _, w := range ws[n/2:] {
		w.since -= int64(long)
	}
	for range n / 4 {
		for _, w := range ws {
			w.marked -= int64(long) // as if that had passed
		}
		unlock(&word)
	}
	for i, charged := range d.charges {
		if charged != n-i {
			t.Errorf("%d are charged, want %d", charged, n-i)
		}
	}
	unlockAll(&word, math.MaxInt)
	drop(ws...)
}

// TestBlameFraction charges a part of the unlocks.
func TestBlameFraction(t *testing.T) {
	const n, fraction = 20_000, 10
	for _, test := range []struct {
		name    string
		waiters int // in the queue; each comes back at once
	}{{"alone", 1}, {"two", 2}, {"ten", 10}} {
		t.Run(test.name, func(t *testing.T) {
			d := contention(t, fraction)
			var word atomic.Uint32
			var ws []*Waiter
			for range test.waiters {
				ws = append(ws, waiting(Exclusion))
			}
			push(&word, ws...)
			for range n {
				for _, w := range ws {
					w.marked -= int64(long)
				}
				w := unlock(&word)
				push(&word, w)
			}
			got := len(d.charges)
			unlockAll(&word, math.MaxInt)
			drop(ws...)
			const want = n / fraction // with a standard deviation of 42
			if got < want-300 || got > want+300 {
				t.Errorf("%d of %d unlocks are charged, want about %d", got, n, want)
			}
			for _, charged := range d.charges[:got] {
				if charged != test.waiters {
					t.Fatalf("%d are charged, want %d", charged, test.waiters)
				}
			}
		})
	}
}

// TestBlameChange changes the fraction while there is a queue. What was chosen by the former one is not charged.
func TestBlameChange(t *testing.T) {
	d := contention(t, 1)
	var word atomic.Uint32
	a, b, c := waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	push(&word, a, b, c)
	unlock(&word)
	d.want(t, "one of three", 3)
	changed := mono.Now()
	observe.SetFraction(1, changed)
	for mono.Now() == changed { // the clocks of some systems stand still for a while
	}
	unlock(&word)
	d.want(t, "one that was chosen by the former fraction")
	unlock(&word)
	d.want(t, "one that was chosen by the present one", 0)
	observe.SetFraction(0, 0)
	push(&word, a)
	unlock(&word)
	d.want(t, "one while the profile is off")
	drop(a, b, c)
}

// TestBlameBubble has waiters of a bubble, whose clock shows another time.
func TestBlameBubble(t *testing.T) {
	d := contention(t, 1)
	var word atomic.Uint32
	w := waiting(Exclusion)
	w.since = -int64(long)
	push(&word, w)
	unlock(&word)
	d.want(t, "one in a bubble", 0)
	w.Drop()
}

// TestChargeAlso charges for the waiters of a second queue.
func TestChargeAlso(t *testing.T) {
	d := contention(t, 1)
	var readers, writers atomic.Uint32
	holder, a, b := waiting(Exclusion), waiting(Exclusion), waiting(Exclusion)
	a.since -= int64(long)
	push(&readers, holder)
	push(&writers, a, b)
	var w *Waiter
	WithQueue(&readers, func(q Queue) { w = q.Pop() })
	observe.ChargeAlso(unsafe.Pointer(w), unsafe.Pointer(&writers))
	observe.ChargeAlso(unsafe.Pointer(w), unsafe.Pointer(&readers)) // is empty
	w.Wake(0)
	d.want(t, "one, and two for as long", 3)
	unlock(&writers)
	unlock(&writers)
	d.want(t, "the two, when the holder of both locks unlocks", 0, 0)
	drop(holder, a, b)
}
