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

// A Cond lets goroutines of several processes wait for a change of what a [Mutex] protects, and announces such changes.
// A Cond is in a [Region], and its zero value is ready to use. It is 16 bytes long.
//
// All goroutines that wait at the same time must use the same Mutex. Wait enqueues the caller before it unlocks the
// Mutex, so a change made with the Mutex held after that is not missed.
//
// A Signal releases at least one of the goroutines that wait at that time, and may release one in each process. Other
// spurious wake-ups are possible, too. So call Wait in a loop that checks the condition:
//
//	for !condition() {
//		if err := c.Wait(&mu); err != nil {
//			…
//		}
//	}
//
// In each process, one goroutine waits in the kernel, and the others wait in Go's scheduler for that one. The longest
// waiter of a process is released first; there is no order between processes.
//
// A process that is killed consumes no Signal. If it is killed after it was woken in place of another process, or
// before it has passed a wake-up on, the others are released after at most 100 ms.
//
// A Signal or Broadcast synchronizes before the return of the Wait that it ends. A wait that its limit ends establishes
// no ordering except through the Mutex.
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
//	          a goroutine waits.
//
// In each process the lookout of a crowd waits for a change of seq. When seq has changed by n, the lookout releases the
// n longest waiters, or all of them if the word all has changed. If there are fewer than n waiters, as some may have
// given up, it wakes other lookouts in their place. So a change releases waiters in each process whose lookout sees it,
// at the latest after the time recheck, and no process can take a change away from another.
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
// If Wait returns nil or [ErrOwnerDied], m is locked; if it returns [ErrNotRecoverable], [ErrClosed] or [ErrTruncated],
// m is not locked. After ErrOwnerDied, repair what m protects and call Consistent, as after Lock. A Wait without that
// call makes m unusable for all processes, as an Unlock does.
func (c *Cond) Wait(m *Mutex) (err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	_, err = c.wait(m, limit{})
	return err
}

// WaitFor is Wait for at most d. It reports whether it was released; if not, d has elapsed. If d <= 0, it only
// unlocks and locks m. The error is that of Wait: if it is nil or [ErrOwnerDied], m is locked, even if d has elapsed;
// locking m may take longer than d. A wait that gives up consumes no Signal.
func (c *Cond) WaitFor(m *Mutex, d time.Duration) (released bool, err error) {
	c.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	ended, err := c.wait(m, limit{deadline: time.Now().Add(d)})
	return ended == nil && (err == nil || err == ErrOwnerDied), err
}

// WaitContext is Wait until ctx is done. It then returns the [context.Cause] of ctx with m locked, which may take time
// after ctx is done. Its other errors are those of Wait, and take precedence: with [ErrOwnerDied] m is locked, whether
// ctx is done or not. If ctx is already done, WaitContext returns its cause and does not unlock m. A nil ctx panics.
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

// wait unlocks m, waits, and locks m. It returns the reason if the wait was not ended by a release, and the error of
// the lock.
func (c *Cond) wait(m *Mutex, l limit) (ended, err error) {
	const misuse = "shared: wait at a Cond with a mutex that this process does not hold"
	if m.owner() == 0 {
		panic(misuse)
	}
	w := gather(&c.seq, c.seq.Load(), c.kind)
	defer w.leave() // in case unlock panics because another goroutine has unlocked m
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

// Signal releases at least one of the waiting goroutines, if there are any. The caller may hold the Mutex, but need
// not. It does not block. It returns [ErrClosed] or [ErrTruncated] if the region is gone.
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

// Broadcast releases all waiting goroutines. The caller may hold the Mutex, but need not. It does not block. It returns
// [ErrClosed] or [ErrTruncated] if the region is gone.
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
