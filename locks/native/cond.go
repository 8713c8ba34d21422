// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// A Cond is a condition variable: threads that hold a [Mutex] wait until another thread
// announces that what the Mutex guards has changed.
//
// A Cond is made by [NewCond], or by setting L before first use. It must not be copied after first
// use. Besides L, it takes eight bytes on Linux, macOS and the BSDs, and 24 on Windows (16 on
// 32-bit systems).
//
// Spurious wake-ups are possible, and one Signal may end several waits, since the underlying
// systems allow that. So call Wait in a loop that checks the condition. No wake-up is lost: a
// Signal by a thread that has locked L since a waiter unlocked it ends at least one wait. The
// system decides which one; on Linux, it is the longest among those of one priority. If threads
// differ in real-time priority, call Signal with L held: otherwise a thread of higher priority that
// begins to wait meanwhile could be woken in place of another.
//
// On Linux a Broadcast requeues its waiters for L instead of waking them all to contend for it. On Windows they
// pass one by one through a lock of the Cond's own. On macOS, FreeBSD and DragonFly all of them wake.
//
// In the terms of [the Go memory model], a Signal or Broadcast synchronizes before the return of
// the Wait that it ends. A wait that its limit ends establishes no ordering except through L.
//
// [the Go memory model]: https://go.dev/ref/mem
type Cond struct {
	_ noCopy

	// L is held while observing or changing the condition.
	L *Mutex

	raw rawCond
}

const condNotHeld = "native: wait with a mutex that this thread does not hold"

// NewCond returns a new Cond with the Mutex l.
func NewCond(l *Mutex) *Cond { return &Cond{L: l} }

// Wait unlocks c.L, blocks the thread until a Signal or Broadcast, and locks c.L. The goroutine
// stays locked to its thread throughout. It panics, and changes nothing, if the calling thread does
// not hold c.L.
//
//	c.L.Lock()
//	for !condition() {
//		c.Wait()
//	}
//	… make use of condition …
//	c.L.Unlock()
func (c *Cond) Wait() { c.wait(time.Time{}) }

// WaitFor is Wait for at most d. It reports whether it was woken; false means that d has elapsed.
// If d <= 0, it only unlocks and locks c.L. It always returns with c.L locked, which may take
// longer than d. A wait that gives up consumes no Signal.
func (c *Cond) WaitFor(d time.Duration) bool { return c.wait(time.Now().Add(d)) }

// Signal ends at least one wait, if there is one. The caller may hold c.L, but need not. It does
// not block.
func (c *Cond) Signal() {
	mustSupport()
	race.ReleaseMerge(unsafe.Pointer(c))
	race.Disable()
	c.raw.signal()
	race.Enable()
}

// Broadcast ends all waits. The caller may hold c.L, but need not. It does not block.
func (c *Cond) Broadcast() {
	mustSupport()
	race.ReleaseMerge(unsafe.Pointer(c))
	race.Disable()
	c.raw.broadcast(&c.L.raw)
	race.Enable()
}

func (c *Cond) wait(limit time.Time) bool {
	mustSupport()
	me := self()
	if !c.L.owner.is(me) {
		panic(condNotHeld)
	}
	c.L.leave()
	woken := c.raw.wait(&c.L.raw, limit)
	c.L.enter(me, true)
	if woken {
		race.Acquire(unsafe.Pointer(c))
	}
	return woken
}
