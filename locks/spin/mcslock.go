// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/spin"
)

// An MCSLock is a spin lock with a queue, in which each waiter spins on a word of its own: Unlock disturbs
// the cache of the next waiter and of no other.
//
// The dangers of spin locks that the package comment describes apply, and one more: while the next waiter
// in the queue is not running, no other goroutine can get the lock. An MCSLock is for many processors, and
// no more threads than processors: with four threads for each processor, each Unlock waits for a thread
// switch of some ten microseconds. Otherwise use a FairMutex of package locks.
//
// The zero value is an unlocked MCSLock. It must not be copied after first use. It is 16 bytes
// long (8 on 32-bit systems); a waiter takes a node of 128 bytes from a pool.
//
// The order is FIFO. A waiter cannot leave the queue, so there are no forms of Lock that give up; TryLock
// does not queue.
//
// No goroutine owns an MCSLock: one may lock it and another unlock it. The Unlock must come after the Lock
// has returned. A failed TryLock is no evidence that it has.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A failed TryLock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type MCSLock struct {
	_    noCopy
	tail atomic.Pointer[mcsNode] // see the table below
	next atomic.Pointer[mcsNode] // the first waiter, or nil
}

// The algorithm is that of Mellor-Crummey and Scott (Algorithms for scalable synchronization on
// shared-memory multiprocessors, 1991), with the change that was made in the K42 operating system:
// a node belongs to a waiter, not to the holder. So a Lock that does not wait uses none, and Lock
// and Unlock take no argument. The caller could not keep the node on its stack anyway, since stacks
// move in Go.
//
//	tail     lock   queue      what leaves this state
//	nil      free   empty      Lock: CAS to mcsHeld, or swap to its node
//	mcsHeld  held   empty      Unlock: CAS to nil; a waiter: swap to its node
//	a node   held   not empty  a waiter: swap to its node; the holder, if it has waited with
//	                           that node: CAS to mcsHeld
//
// Invariants
//  1. A waiter that finds mcsHeld in tail stores its node in next; a waiter that finds a node stores its own
//     in the next field of that node. Until it has done so, its predecessor cannot unlock.
//  2. A holder that has waited takes its node out of the queue before Lock returns: it moves the
//     node behind its own to next, or sets tail back to mcsHeld. After that nothing points to its node.
//  3. While tail is nil or mcsHeld, next is nil, unless a waiter has swapped tail and has yet to
//     store its node.
type mcsNode struct {
	next    atomic.Pointer[mcsNode]
	granted atomic.Uint32 // 1: the waiter has the lock
	// Each waiter spins on a cache line of its own.
	_ [cacheline.Size - unsafe.Sizeof(uintptr(0)) - 4]byte
}

// mcsHeld in tail says that the lock is held and the queue is empty.
var mcsHeld mcsNode

var mcsNodes = sync.Pool{New: func() any { return new(mcsNode) }}

// Lock locks l. It spins until all goroutines that arrived before have had l.
func (l *MCSLock) Lock() {
	if l.tail.CompareAndSwap(nil, &mcsHeld) { // acquire
		return
	}
	l.lockSlow()
}

// TryLock tries to lock l without spinning, and reports whether it succeeded.
func (l *MCSLock) TryLock() bool {
	return l.tail.CompareAndSwap(nil, &mcsHeld) // acquire
}

// Unlock unlocks l, or hands it off to the first waiter. It panics, and changes nothing, if l is
// not locked.
func (l *MCSLock) Unlock() {
	next := l.next.Load()
	if next == nil {
		if l.tail.CompareAndSwap(&mcsHeld, nil) { // release
			return
		}
		if l.tail.Load() == nil {
			panic("spin: unlock of unlocked MCSLock")
		}
		next = awaitNode(&l.next) // by invariant 1
	}
	next.granted.Store(1) // release
}

//go:noinline
func (l *MCSLock) lockSlow() {
	n := mcsNodes.Get().(*mcsNode)
	n.next.Store(nil)
	n.granted.Store(0)
	switch before := l.tail.Swap(n); before { // acquire
	case nil: // l has become free
	case &mcsHeld:
		l.next.Store(n)
		n.await()
	default:
		before.next.Store(n)
		n.await()
	}
	l.leaveQueue(n)
	mcsNodes.Put(n)
}

// await waits until the lock is granted to the waiter of n.
func (n *mcsNode) await() {
	for b := (spin.Backoff{}); n.granted.Load() == 0; { // acquire
		b.Wait(1)
	}
}

// leaveQueue takes n, with which the holder has waited, out of the queue.
func (l *MCSLock) leaveQueue(n *mcsNode) { // by invariant 2
	next := n.next.Load()
	if next == nil {
		l.next.Store(nil) // before tail lets a waiter store there
		if l.tail.CompareAndSwap(n, &mcsHeld) {
			return
		}
		next = awaitNode(&n.next) // by invariant 1
	}
	l.next.Store(next)
}

// awaitNode waits until a waiter has stored its node at p, which it is about to do.
func awaitNode(p *atomic.Pointer[mcsNode]) *mcsNode {
	for b := (spin.Backoff{}); ; {
		if n := p.Load(); n != nil {
			return n
		}
		b.Wait(1)
	}
}
