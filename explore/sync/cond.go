// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Cond is a condition variable: goroutines wait there until another goroutine announces a change.
type Cond struct {
	noCopy noCopy

	// L is held while the condition is checked or changed.
	L Locker

	notify  notifyList
	checker uintptr
}

// A notifyList has the layout of that of a sync.Cond.
type notifyList struct {
	wait, notify uint32
	lock         uintptr
	head, tail   unsafe.Pointer
}

// noCopy lets go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// NewCond returns a Cond with the Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// real returns c as a sync.Cond, which has the same layout.
func (c *Cond) real() *sync.Cond { return (*sync.Cond)(unsafe.Pointer(c)) }

// A queue holds the waiting goroutines, in the order of their calls to Wait.
type queue struct{ waiters []*engine.Waiter }

// step takes a step of the list, and returns the queue. It panics if c has been copied since its first use.
func (c *Cond) step(t *engine.Thread, name string) *queue {
	t.Step(&engine.Op{Name: name, Addr: unsafe.Pointer(&c.notify), Access: engine.Write})
	self := uintptr(unsafe.Pointer(c))
	if c.checker == 0 {
		c.checker = self
	}
	if c.checker != self {
		panic("sync.Cond is copied")
	}
	return t.State(unsafe.Pointer(&c.notify), func() any { return new(queue) }).(*queue)
}

// Wait unlocks c.L, waits for a Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	t := engine.Self()
	if t == nil {
		c.real().Wait()
		return
	}
	q := c.step(t, "Cond.Wait")
	w := t.NewWaiter()
	q.waiters = append(q.waiters, w)
	c.L.Unlock()
	w.Sleep("Cond.Wait", unsafe.Pointer(&c.notify))
	c.L.Lock()
}

// Signal wakes the goroutine that has waited longest, if any goroutine waits.
func (c *Cond) Signal() {
	t := engine.Self()
	if t == nil {
		c.real().Signal()
		return
	}
	if q := c.step(t, "Cond.Signal"); len(q.waiters) > 0 {
		q.waiters[0].Wake(t)
		q.waiters = q.waiters[1:]
	}
}

// Broadcast wakes all waiting goroutines.
func (c *Cond) Broadcast() {
	t := engine.Self()
	if t == nil {
		c.real().Broadcast()
		return
	}
	q := c.step(t, "Cond.Broadcast")
	for _, w := range q.waiters {
		w.Wake(t)
	}
	q.waiters = nil
}
