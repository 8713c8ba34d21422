// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"slices"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
)

// writes calls f and returns which of the 8-byte words of *p it has changed. Such a word is never in two cache
// lines.
//
//go:norace
func writes[T any](p *T, f func()) (words []int) {
	now := unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p))
	before := slices.Clone(now)
	f()
	for i := range now {
		if now[i] != before[i] && !slices.Contains(words, i/8) {
			words = append(words, i/8)
		}
	}
	return words
}

// TestLinesOfALock derives from what it writes how many cache lines an operation that need not wait makes its own.
// It is one; a reader of a BiasedRWMutex leaves the line of the lock to all.
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
		{"Mutex.Lock", writes(&m, m.Lock), 1},
		{"FairMutex.Lock", writes(&fair, fair.Lock), 1},
		{"RWMutex.RLock", writes(&rw, rw.RLock), 1},
		{"RWMutex.Lock", writes(&rw, func() { rw.RUnlock(); rw.Lock() }), 1},
		{"BiasedRWMutex.RLock", writes(&biased, func() { token = biased.RLock() }), 0},
		{"WaitGroup.Add", writes(&wg, func() { wg.Add(1) }), 1},
		{"Once.Do", writes(&once, func() { once.Do(func() {}) }), 1},
		{"Once.Do again", writes(&once, func() { once.Do(func() {}) }), 0},
		{"Cond.Signal", writes(c, c.Signal), 0},
		{"Cond.Broadcast", writes(c, c.Broadcast), 0},
		{"Semaphore.TryAcquire", writes(s, func() { s.TryAcquire(1) }), 1},
		{"Event.Set", writes(&e, e.Set), 1},
		{"Event.Wait", writes(&e, e.Wait), 0},
		{"AutoEvent.Set", writes(&auto, auto.Set), 1},
		{"AutoEvent.Wait", writes(&auto, auto.Wait), 1},
		{"Latch.Arrive", writes(l, l.Arrive), 1},
		{"Barrier.Wait", writes(b, func() { b.WaitFor(0) }), 1},
	} {
		if len(tt.got) != tt.want {
			t.Errorf("%s writes the words %v of 8 bytes, want %d", tt.name, tt.got, tt.want)
		}
	}
	if token.slot == nil {
		t.Fatal("the reader is not in a slot")
	}
	if got := writes(token.slot, func() { biased.RUnlock(token) }); len(got) != 1 {
		t.Errorf("BiasedRWMutex.RUnlock writes the words %v of its slot, want 1", got)
	}
	slots := biased.slots.slots
	for i := range slots[1:] {
		apart := uintptr(unsafe.Pointer(&slots[i+1].readers)) - uintptr(unsafe.Pointer(&slots[i].readers))
		if apart < cacheline.Size {
			t.Fatalf("the counts of two slots are %d bytes apart, want %d", apart, cacheline.Size)
		}
	}
}
