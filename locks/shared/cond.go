// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A Cond lets goroutines of several processes wait for a change of what a [Mutex] protects, and announces such changes. It lies
// in a [Region], and its zero value is ready to use. It is 16 bytes long.
//
// The Mutex is that of the waiters, and must be the same for all that wait at a time. Wait becomes a waiter before it
// unlocks the Mutex, so a change made with the Mutex held after that is not missed.
//
// A Signal releases at least one of the goroutines that wait at that time, and may release one in each process; spurious
// wake-ups are possible for other reasons, too. So call Wait in a loop that looks at the condition:
//
//	for !condition() {
//		if err := c.Wait(&mu); err != nil {
//			…
//		}
//	}
//
// In each process one goroutine waits for the kernel's wake, and the others wait for that one in Go's scheduler. The longest
// waiter of a process is released first; between processes there is no order.
//
// A process that is killed uses up no Signal. If that happens when it has been woken, before another process or when it
// has not woken anybody yet, the others are released after at most 100 ms.
//
// A Signal or Broadcast synchronizes before the return of the Wait that it ends. A wait that ends by its limit orders nothing but
// by the Mutex.
type Cond struct {
	seq      atomic.Uint32 // see the table below
	all      atomic.Uint32
	standing atomic.Uint32
	_        [4]byte
}

// The words of a Cond:
//
//	seq       How often Signal and Broadcast have announced something. Waiters sleep as long as it does not change.
//	all       How many of these were Broadcasts. It is changed before seq.
//	standing  How many processes have waiters. If it is 0, Signal and Broadcast change nothing.
//	          Incremented by the first waiter of a process, before it unlocks the Mutex; decremented when no waiter is left.
//	          A process that is killed stays counted: then Signal enters the kernel for nothing. It must not be 0 while
//	          somebody waits.
//
// In each process the lookout of a crowd awaits seq. When it has changed by n, the lookout releases the n longest waiters, or all
// of them if the word all has changed. With fewer than n waiters, some of which may have given up, it wakes other lookouts in
// their place. So a change releases waiters in each process whose lookout sees it, at the latest after the time recheck, and no
// process can take a change away from another.
//
//	killed                            the others
//	Wait, before it unlocks m         get m as after any owner that died; standing may be 1 too high
//	Wait, asleep or woken             have lookouts of their own, which see seq change
//	Wait, before it has m, or with m  get m as after any owner that died
//	Broadcast, between all and seq    wait on; all of them are released by the next Signal
//	either, between seq and the wake  see seq change after the time recheck

// place panics if c is in no region.
func (c *Cond) place() { privately(unsafe.Pointer(c)) }

// Wait unlocks m, blocks until a Signal or Broadcast releases it, and locks m. It panics, and changes nothing, if the process
// does not hold m.
//
// It returns nil, or [ErrOwnerDied], and m is locked; or [ErrNotRecoverable], [ErrClosed] or [ErrTruncated], and it is not. After
// ErrOwnerDied, repair what m protects and call Consistent, as after Lock. As Unlock does, Wait without that makes m
// useless for all.
func (c *Cond) Wait(m *Mutex) (err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	_, err = c.wait(m, limit{})
	return err
}

// WaitFor is Wait for at most d. It reports whether it was released; if not, the time was up. If d <= 0, it only
// unlocks and locks m. Its error is as that of Wait: if that is nil or [ErrOwnerDied] m is locked, also when the time
// was up, and to lock it may take longer than d. A wait that gives up uses up no Signal.
func (c *Cond) WaitFor(m *Mutex, d time.Duration) (released bool, err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	ended, err := c.wait(m, limit{deadline: time.Now().Add(d)})
	return ended == nil && (err == nil || err == ErrOwnerDied), err
}

// WaitContext is Wait until ctx is done. It returns the [context.Cause] of ctx then, and m is locked, which may take time after
// the end of ctx. Its other errors are those of Wait, and come first: with [ErrOwnerDied] m is locked, whether ctx is done or
// not. If ctx is already done, WaitContext returns its cause and does not unlock m. A nil ctx panics.
func (c *Cond) WaitContext(ctx context.Context, m *Mutex) (err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	ended, err := c.wait(m, limit{ctx: ctx})
	if err == nil {
		err = ended
	}
	return err
}

// wait unlocks m, waits, and locks m. It returns what has ended the wait, if that was no release, and the error of the lock.
func (c *Cond) wait(m *Mutex, l limit) (ended, err error) {
	const misuse = "shared: wait at a Cond with a mutex that this process does not hold"
	if m.owner() == 0 {
		panic(misuse)
	}
	w := gather(&c.seq, c.seq.Load(), c.kind)
	defer w.leave() // if unlock panics, since another goroutine has unlocked m
	releasing(&m.word)
	m.unlock(misuse)
	if ended = w.wait(l); ended == nil {
		acquired(&c.seq)
	}
	return ended, m.lock(limit{})
}

// kind is called when the process gets its first waiter.
func (c *Cond) kind() crowdKind {
	all := c.all.Load()
	return crowdKind{standing: &c.standing, release: func(from, to uint32) uint32 {
		if now := c.all.Load(); now != all {
			all = now
			return everyone
		}
		return to - from
	}}
}

// Signal releases at least one of those that wait, if there are any. The caller may hold the Mutex, but need not. It does not
// block. It returns [ErrClosed] or [ErrTruncated] if the region is gone.
func (c *Cond) Signal() (err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	releasing(&c.seq)
	if c.standing.Load() != 0 {
		c.seq.Add(1)
		wake(&c.seq, 1)
		return nil
	}
	return gone(&c.seq)
}

// Broadcast releases all that wait. The caller may hold the Mutex, but need not. It does not block. It returns [ErrClosed] or
// [ErrTruncated] if the region is gone.
func (c *Cond) Broadcast() (err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	releasing(&c.seq)
	if c.standing.Load() != 0 {
		c.all.Add(1)
		c.seq.Add(1)
		wakeAll(&c.seq)
		return nil
	}
	return gone(&c.seq)
}
