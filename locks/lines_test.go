// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/locktest"
)

// TestLinesOfALock counts the cache lines that an uncontended operation writes. There is one; a reader of a
// BiasedRWMutex does not write the line of the lock.
func TestLinesOfALock(t *testing.T) {
	var m Mutex
	var fair FairMutex
	var rw RWMutex
	var biased BiasedRWMutex
	var wg WaitGroup
	var once Once
	var e Event
	var auto AutoEvent
	c := NewCond(&m)
	c.Signal() // writes its own address at first use
	s, l, b := NewSemaphore(2), NewLatch(3), NewBarrier(2)
	biased.RUnlock(biased.RLock()) // makes the slots
	var token ReadToken
	for _, tt := range []struct {
		name string
		got  []int
		want int
	}{
		{"Mutex.Lock", locktest.Written(&m, m.Lock), 1},
		{"FairMutex.Lock", locktest.Written(&fair, fair.Lock), 1},
		{"RWMutex.RLock", locktest.Written(&rw, rw.RLock), 1},
		{"RWMutex.Lock", locktest.Written(&rw, func() { rw.RUnlock(); rw.Lock() }), 1},
		{"BiasedRWMutex.RLock", locktest.Written(&biased, func() { token = biased.RLock() }), 0},
		{"WaitGroup.Add", locktest.Written(&wg, func() { wg.Add(1) }), 1},
		{"Once.Do", locktest.Written(&once, func() { once.Do(func() {}) }), 1},
		{"Once.Do again", locktest.Written(&once, func() { once.Do(func() {}) }), 0},
		{"Cond.Signal", locktest.Written(c, c.Signal), 0},
		{"Cond.Broadcast", locktest.Written(c, c.Broadcast), 0},
		{"Semaphore.TryAcquire", locktest.Written(s, func() { s.TryAcquire(1) }), 1},
		{"Event.Set", locktest.Written(&e, e.Set), 1},
		{"Event.Wait", locktest.Written(&e, e.Wait), 0},
		{"AutoEvent.Set", locktest.Written(&auto, auto.Set), 1},
		{"AutoEvent.Wait", locktest.Written(&auto, auto.Wait), 1},
		{"Latch.Arrive", locktest.Written(l, func() { l.Arrive(1) }), 1},
		{"Barrier.Wait", locktest.Written(b, func() { b.WaitFor(0) }), 1},
	} {
		if len(tt.got) != tt.want {
			t.Errorf("%s writes the words %v of 8 bytes, want %d", tt.name, tt.got, tt.want)
		}
	}
	if token.slot == nil {
		t.Fatal("the reader is not in a slot")
	}
	if got := locktest.Written(token.slot, func() { biased.RUnlock(token) }); len(got) != 1 {
		t.Errorf("BiasedRWMutex.RUnlock writes the words %v of its slot, want 1", got)
	}
	slots := biased.slots.Load().slots
	for i := range slots[1:] {
		apart := uintptr(unsafe.Pointer(&slots[i+1].readers)) - uintptr(unsafe.Pointer(&slots[i].readers))
		if apart < cacheline.Size {
			t.Fatalf("the counts of two slots are %d bytes apart, want %d", apart, cacheline.Size)
		}
	}
}
