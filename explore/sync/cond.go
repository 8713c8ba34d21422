// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Cond is a place where goroutines wait until another tells them that something has changed.
type Cond struct {
	noCopy noCopy

	// L is held while the condition is looked at or changed.
	L Locker

	notify  notifyList
	checker uintptr
}

// A notifyList has the layout of that of a sync.Cond. In an exploration only its numbers are used,
// as the runtime uses them.
type notifyList struct {
	wait   uint32 // the ticket of the next waiter
	notify uint32 // tickets below this one have been called

	lock       uintptr
	head, tail unsafe.Pointer
}

// noCopy lets go vet report copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// NewCond returns a Cond with the Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// real returns c as a sync.Cond, whose layout it has.
func (c *Cond) real() *sync.Cond { return (*sync.Cond)(unsafe.Pointer(c)) }

// step takes a step of the list. It panics if c has been copied since its first use.
func (c *Cond) step(t *engine.Thread, name string) {
	t.Step(&engine.Op{Name: name, Addr: unsafe.Pointer(&c.notify), Access: engine.Write, Word: engine.Word64})
	self := uintptr(unsafe.Pointer(c))
	if c.checker == 0 {
		t.Keep(unsafe.Pointer(&c.checker), unsafe.Sizeof(c.checker))
		c.checker = self
	}
	if c.checker != self {
		panic("sync.Cond is copied")
	}
}

// A ticket is what a waiter waits with.
type ticket struct {
	list   *notifyList
	number uint32
}

func (t *ticket) Ready() bool { return int32(t.list.notify-t.number) > 0 }

// Wait unlocks c.L, waits for a Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	t := engine.Self()
	if t == nil {
		c.real().Wait()
		return
	}
	c.step(t, "Cond.Wait")
	own := &ticket{&c.notify, c.notify.wait}
	c.notify.wait++
	c.L.Unlock()
	t.Step(&engine.Op{
		Name: "Cond.Wait, asleep", Addr: unsafe.Pointer(&c.notify), Access: engine.Read, Word: engine.Word64, Ready: own,
	})
	c.L.Lock()
}

// Signal wakes the goroutine that has waited for the longest time, if there is one.
func (c *Cond) Signal() {
	t := engine.Self()
	if t == nil {
		c.real().Signal()
		return
	}
	c.step(t, "Cond.Signal")
	if c.notify.notify != c.notify.wait {
		c.notify.notify++
	}
}

// Broadcast wakes all goroutines that wait.
func (c *Cond) Broadcast() {
	t := engine.Self()
	if t == nil {
		c.real().Broadcast()
		return
	}
	c.step(t, "Cond.Broadcast")
	c.notify.notify = c.notify.wait
}
