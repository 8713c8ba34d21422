// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"slices"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// queued returns how many wait on a word. Inlined it would allocate, which tests of allocations
// count.
//
//go:noinline
func queued(addr *atomic.Uint32) (n int) {
	park.WithQueue(addr, func(q park.Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}

// Waiting returns how many goroutines wait in the queues of a lock, State its words: zero when it is not in use.

func (m *Mutex) Waiting() int  { return queued(&m.state) }
func (m *Mutex) State() uint64 { return uint64(m.state.Load()) }

func (rw *RWMutex) Waiting() int  { return queued(&rw.state) + rw.w.Waiting() }
func (rw *RWMutex) State() uint64 { return uint64(rw.state.Load())<<32 | rw.w.State() }

func (m *FairMutex) Waiting() int  { return queued(&m.state) }
func (m *FairMutex) State() uint64 { return uint64(m.state.Load()) }

func (c *Cond) Waiting() int  { return queued(&c.queued) }
func (c *Cond) State() uint64 { return uint64(c.queued.Load()) }

func (wg *WaitGroup) Waiting() int  { return queued(&wg.queue) }
func (wg *WaitGroup) State() uint64 { return wg.state.Load() }

func (o *Once) Waiting() int  { return o.m.Waiting() }
func (o *Once) State() uint64 { return uint64(o.done.Load())<<32 | o.m.State() }

func (s *Semaphore) Waiting() int { return queued(&s.queue) }
func (s *Semaphore) State() uint64 {
	v := s.state.Load()
	return uint64(v>>semShift) ^ uint64(v&semQueued)<<63
}

func (e *Event) Waiting() int  { return queued(&e.state) }
func (e *Event) State() uint64 { return uint64(e.state.Load()) }

func (e *AutoEvent) Waiting() int  { return queued(&e.state) }
func (e *AutoEvent) State() uint64 { return uint64(e.state.Load()) }

func (l *Latch) Waiting() int  { return queued(&l.state) }
func (l *Latch) State() uint64 { return uint64(l.state.Load()) }

func (b *Barrier) Waiting() int  { return queued(&b.state) }
func (b *Barrier) State() uint64 { return uint64(b.state.Load()) }

func (rw *BiasedRWMutex) Waiting() int {
	n := rw.inner.Waiting()
	if rw.slots.Load() != nil {
		for i := range rw.slots.Load().slots {
			n += queued(&rw.slots.Load().slots[i].readers)
		}
	}
	return n
}

func (rw *BiasedRWMutex) State() uint64 {
	s := rw.inner.State()
	if rw.slots.Load() != nil {
		for i := range rw.slots.Load().slots {
			s += uint64(rw.slots.Load().slots[i].readers.Load()) << 8
		}
	}
	return s
}

// holdQueue locks the queue of a word until release is called.
func holdQueue(addr *atomic.Uint32) (q park.Queue, release func()) {
	locked, goOn, unlocked := make(chan park.Queue), make(chan struct{}), make(chan struct{})
	go func() {
		park.WithQueue(addr, func(q park.Queue) { locked <- q; <-goOn })
		close(unlocked)
	}()
	return <-locked, func() { close(goOn); <-unlocked }
}

// Hold locks the queue of a lock until release is called. Calls that need the queue meet there meanwhile.

func (rw *RWMutex) Hold() (release func())  { _, release = holdQueue(&rw.state); return release }
func (m *FairMutex) Hold() (release func()) { _, release = holdQueue(&m.state); return release }
func (e *Event) Hold() (release func())     { _, release = holdQueue(&e.state); return release }
func (e *AutoEvent) Hold() (release func()) { _, release = holdQueue(&e.state); return release }

// ReadersParked reports whether readers may be in the queue.
func (rw *RWMutex) ReadersParked() bool { return rw.state.Load()&rwParked != 0 }

// NeverInhibit lets readers go back to their slots at once, until undo is called.
func NeverInhibit() (undo func()) {
	inhibit, look := biasInhibit, biasLook
	biasInhibit, biasLook = 0, 1
	return func() { biasInhibit, biasLook = inhibit, look }
}

// LateRLock is what remains of an RLock that has chosen the slot of t, and was stopped then.
func (rw *BiasedRWMutex) LateRLock(t ReadToken) (ReadToken, bool) {
	slot := rw.enterSlot(t.slot)
	return ReadToken{slot}, slot != nil
}

// LateRUnlock is what remains of an RUnlock that has taken the slot of t to 0, and was stopped
// until there was a writer.
func (rw *BiasedRWMutex) LateRUnlock(t ReadToken) { rw.leaveSlow(t.slot, 0) }

// KeepToken leaves a token of RLocker for a slot, TakeToken takes one from there, and TakeAnyToken does so as an Unlock does.

func (rw *BiasedRWMutex) KeepToken(slot int) { rw.slots.Load().slots[slot].lockers.keep() }

func (rw *BiasedRWMutex) TakeToken(slot int) bool {
	ok, _ := rw.slots.Load().slots[slot].lockers.take()
	return ok
}

func (rw *BiasedRWMutex) TakeAnyToken() { rw.takeToken() }

// Trying puts a reader into the slot of t that will take its unit back, since there is a writer. It does when
// stop is called.
func (t ReadToken) Trying() (stop func()) {
	t.slot.readers.Add(1)
	return func() { t.slot.readers.Add(^uint32(0)) }
}

// Biased reports whether the reader is in a slot.
func (t ReadToken) Biased() bool { return t.slot != nil }

// Line returns the waiters of a lock that keeps to their order.

func (m *FairMutex) Line() []*park.Waiter { return line(&m.state) }
func (s *Semaphore) Line() []*park.Waiter { return line(&s.queue) }
func (e *Event) Line() []*park.Waiter     { return line(&e.state) }
func (l *Latch) Line() []*park.Waiter     { return line(&l.state) }
func (b *Barrier) Line() []*park.Waiter   { return line(&b.state) }

//go:noinline
func line(addr *atomic.Uint32) (ws []*park.Waiter) {
	park.WithQueue(addr, func(q park.Queue) { ws = slices.Collect(q.All()) })
	return ws
}
