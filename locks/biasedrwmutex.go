// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/park"
)

// A BiasedRWMutex is an [RWMutex] for values that many processors read all the time and that are
// hardly ever written. Readers count themselves in slots on cache lines of their own, so they do
// not slow each other down. A writer must examine all slots, which makes it slower.
//
//	t := rw.RLock()
//	defer rw.RUnlock(t)
//
// The zero value is an unlocked BiasedRWMutex. A BiasedRWMutex must not be copied after first use. It is
// 40 bytes long (32 on 32-bit systems), and its first reader allocates 4 to 7 slots of 128 bytes for
// each processor of GOMAXPROCS. It is therefore for the few busiest locks of a program. At most
// 33,554,431 readers can hold the RWMutex inside, and 2,147,483,647 can share one slot. If more than
// about one in five hundred locks is for writing, or if readers seldom overlap, an RWMutex is faster:
// BenchmarkBiasedRWMutexContended measures both.
//
// When a writer arrives, readers switch to the RWMutex inside. They return to their slots after 9 times
// as long as the writer took to turn them away, so that writers spend no more than about a tenth of the
// time on turning readers away. Fairness is that of RWMutex: a waiting writer blocks new readers and
// waits only for the present ones. A goroutine that holds the lock for reading must not wait for another
// reader to arrive.
//
// There is no upgradable mode. Its holders would exclude each other and keep readers out of the slots, which would
// defeat the purpose of the slots. As writes are rare, look under RLock, and if there is something to write, look
// again under Lock. Code that must look and write in one step needs an RWMutex. No goroutine owns a BiasedRWMutex:
// any goroutine may unlock it, for reading with the token. A goroutine waits in the Go scheduler, and a pinned
// thread (see package thread) in the kernel. In a bubble of testing/synctest a wait with a limit is durable; see
// [Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the n'th Unlock synchronizes before the return of the m'th
// Lock for every n < m, and for every RLock there is an n such that the n'th Unlock synchronizes
// before its return, and its RUnlock before the return of Lock number n+1. A call that does not get
// the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type BiasedRWMutex struct {
	_         noCopy
	inner     RWMutex                   // held for reading by readers without a slot, for writing by the writer
	bias      atomic.Pointer[biasSlots] // the slots while readers may use them, or nil
	slots     atomic.Pointer[biasSlots] // the slots, once they are allocated; written with inner.w held
	inhibited atomic.Int64              // bias stays nil until this time of mono.Now; 0 if there was no writer yet
	lockers   keptTokens                // of RLocker, for inner
}

// The algorithm is BRAVO (Dice and Kogan, BRAVO: Biased locking for reader-writer locks, 2019),
// with slots that belong to the lock, and that count, so that two readers can share one.
//
//	bias   inner.state               new readers go to  bias is changed, with inner.w held, by
//	slots  no writer                 the slots          the writer: to nil, after it has set WriterWaits
//	nil    no writer                 inner              a reader, when inhibited is over: to slots
//	nil    a writer waits or holds   the queue          the writer, giving up: to slots
//
// Invariants
//  1. bias and slots change only with inner.w held, so not while a writer waits or holds.
//  2. A reader in a slot has the lock if it saw bias set after it had added its 1. Otherwise it takes
//     the 1 back, as a reader that leaves does.
//  3. A slot that is 0 at some time after the writer has cleared bias has no readers, by 2, until
//     bias is set again. The writer looks at each slot, so it excludes all readers in slots.
//  4. A reader that brings a slot to 0 and then finds bias cleared looks, under the lock of the
//     slot's queue, whether the slot is 0, and if so wakes the writer that may sleep there. The writer
//     enters the queue in a step that finds the slot not 0, after it has cleared bias. So it is woken.
//  5. If bias is nil and inner.w is free, the slots are 0, but for readers that take their 1 back.
//     A writer that gives up sets bias again, since readers may be left.

// A ReadToken stands for one lock for reading of a [BiasedRWMutex]. It may be copied and passed
// on, and must be given back once, to [BiasedRWMutex.RUnlock].
type ReadToken struct {
	slot *biasSlot // nil if inner is held for reading
}

// Only tests change these.
var (
	// biasInhibit is the time for which readers stay away from the slots, as a multiple of the time
	// that turning them away took.
	biasInhibit int64 = 9
	// One in biasLook readers without a slot checks whether it is time to go back, since reading the
	// clock costs more than the lock.
	biasLook uint32 = 16
)

// TryRLock tries to lock rw for reading without blocking, and reports whether it succeeded. The
// token is valid only if it did.
func (rw *BiasedRWMutex) TryRLock() (t ReadToken, ok bool) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, true
	}
	if ok = rw.inner.TryRLock(); ok {
		rw.biasAgain()
	}
	return ReadToken{}, ok
}

// RLock locks rw for reading. It blocks while a writer holds rw or waits for it. Pass the token to
// RUnlock. A goroutine must not lock rw for reading twice: a writer that arrives between the two
// calls would wait for the first and block the second.
func (rw *BiasedRWMutex) RLock() ReadToken {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}
	}
	rw.inner.RLock()
	rw.biasAgain()
	return ReadToken{}
}

// TryRLockFor locks rw for reading, blocking for at most d, and reports whether it succeeded. If
// d <= 0, it is equivalent to [BiasedRWMutex.TryRLock]. A call that gives up leaves no trace.
func (rw *BiasedRWMutex) TryRLockFor(d time.Duration) (t ReadToken, ok bool) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
	}
	if debugging && d > 0 {
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, true
	}
	if ok = rw.inner.TryRLockFor(d); ok {
		rw.biasAgain()
	}
	return ReadToken{}, ok
}

// RLockContext locks rw for reading, blocking until it is available or ctx is done. It returns nil
// if it locked rw, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already
// done, RLockContext returns its cause without trying to lock rw. A nil ctx panics.
func (rw *BiasedRWMutex) RLockContext(ctx context.Context) (t ReadToken, err error) {
	if err = contextErr(ctx); err != nil {
		return ReadToken{}, err
	}
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, nil
	}
	if err = rw.inner.RLockContext(ctx); err == nil {
		rw.biasAgain()
	}
	return ReadToken{}, err
}

// RLockLimit locks rw for reading, blocking until it is available or limit is reached. The limit, the
// errors and the order of the checks are those of [Mutex.LockLimit]. The token is valid if the error is
// nil.
func (rw *BiasedRWMutex) RLockLimit(limit park.Limit) (t ReadToken, err error) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, nil
	}
	if err = rw.inner.RLockLimit(limit); err == nil {
		rw.biasAgain()
	}
	return ReadToken{}, err
}

// enter adds 1 to the slot of the caller and returns it. It returns nil if readers may not use slots.
func (rw *BiasedRWMutex) enter() *biasSlot {
	if slots := rw.bias.Load(); slots != nil {
		return rw.enterSlot(slots.ofCaller())
	}
	return nil
}

// enterSlot adds 1 to slot and returns it. It returns nil if readers may no longer use slots.
func (rw *BiasedRWMutex) enterSlot(slot *biasSlot) *biasSlot {
	n := slot.readers.Add(1)
	if rw.bias.Load() == nil || int32(n) < 0 { // acquire; by invariant 2
		rw.refuse(slot, n)
		return nil
	}
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	return slot
}

// refuse takes back the 1 that enterSlot has added, because a writer has arrived or there are too
// many readers. n is the count including the caller.
//
//go:noinline
func (rw *BiasedRWMutex) refuse(slot *biasSlot, n uint32) {
	if slot.readers.Add(^uint32(0)) == 0 {
		slot.wakeWriter()
	}
	if n >= biasTooMany && n < biasFew {
		panic("locks: too many readers of BiasedRWMutex")
	}
}

// biasAgain lets readers use slots again if it is time. The caller holds inner for reading.
func (rw *BiasedRWMutex) biasAgain() {
	until := rw.inhibited.Load()
	if until != 0 && (rand.Uint32N(biasLook) != 0 || mono.Now() < until) || !rw.inner.w.TryLock() {
		return
	}
	slots := rw.slots.Load()
	if slots == nil {
		slots = rw.newSlots(biasSpare * procs.Count())
		rw.slots.Store(slots)
	}
	rw.bias.Store(slots)
	rw.inner.w.Unlock()
}

// RUnlock undoes the RLock, or the form of it, that returned t. It does not block. It panics, and
// leaves rw as it was, if t belongs to a slot of another lock, or if its slot, or the RWMutex inside,
// has no reader. RUnlock cannot detect a token that is given back twice while other readers are in the
// same slot: one of them then counts as gone.
func (rw *BiasedRWMutex) RUnlock(t ReadToken) {
	if t.slot == nil {
		rw.inner.RUnlock()
		return
	}
	if t.slot.rw != rw {
		panic("locks: RUnlock of a BiasedRWMutex with the token of another")
	}
	if debugging && int32(t.slot.readers.Load()) > 0 {
		noteUnlocking(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
	}
	rw.leave(t.slot)
}

// leave takes 1 away from a slot. While a writer holds rw, a slot counts only readers that try.
func (rw *BiasedRWMutex) leave(slot *biasSlot) {
	if rw.bias.Load() == nil && rw.inner.state.Load()&rwWriterHolds != 0 {
		panic("locks: RUnlock of unlocked BiasedRWMutex")
	}
	n := slot.readers.Add(^uint32(0)) // release
	if int32(n) <= 0 && (n != 0 || rw.bias.Load() == nil) {
		rw.leaveSlow(slot, n)
	}
}

// leaveSlow is the rest of leave if a writer may be waiting for the slot, or if there was no
// reader. n is the count that leave left in the slot.
//
//go:noinline
func (rw *BiasedRWMutex) leaveSlow(slot *biasSlot, n uint32) {
	if n >= biasFew {
		if slot.readers.Add(1) == 0 { // a writer that found less than 0 may wait
			slot.wakeWriter()
		}
		panic("locks: RUnlock of unlocked BiasedRWMutex")
	}
	if n == 0 {
		slot.wakeWriter()
	}
}

// TryLock tries to lock rw for writing without blocking, and reports whether it succeeded.
func (rw *BiasedRWMutex) TryLock() (ok bool) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		defer noteIfTrue(&ok, unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	if !rw.inner.w.TryLock() {
		return false
	}
	slots := rw.bias.Load()
	if slots == nil {
		if rw.inner.state.CompareAndSwap(0, rwWriterHolds) { // acquire
			return true
		}
		rw.inner.w.Unlock()
		return false
	}
	start := mono.Now()
	rw.bias.Store(nil)
	if slots.empty() && rw.inner.state.CompareAndSwap(0, rwWriterHolds) { // acquire
		rw.inhibit(start)
		return true
	}
	rw.bias.Store(slots) // by invariant 5
	rw.inner.w.Unlock()
	return false
}

// Lock locks rw for writing. It blocks until no other goroutine holds it.
func (rw *BiasedRWMutex) Lock() {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	rw.inner.w.Lock()
	rw.exclude(park.Limit{}) // no limit, no error
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
}

// TryLockFor locks rw for writing, blocking for at most d, and reports whether it succeeded. If
// d <= 0, it is equivalent to [BiasedRWMutex.TryLock]. A call that gives up leaves no trace: the
// readers that it blocked proceed.
func (rw *BiasedRWMutex) TryLockFor(d time.Duration) bool {
	if debugging && d > 0 {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	return rw.TryLock() || d > 0 && rw.LockLimit(park.For(d)) == nil
}

// LockContext locks rw for writing, blocking until it is available or ctx is done. It returns nil
// if it locked rw, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already
// done, LockContext returns its cause without trying to lock rw. A nil ctx panics.
func (rw *BiasedRWMutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	if rw.TryLock() {
		return nil
	}
	return rw.LockLimit(park.Context(ctx))
}

// LockLimit locks rw for writing, blocking until it is available or limit is reached. The limit, the errors
// and the order of the checks are those of [Mutex.LockLimit]. A call that gives up leaves no trace: the
// readers that it blocked proceed.
func (rw *BiasedRWMutex) LockLimit(limit park.Limit) (err error) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	if err := rw.inner.w.LockLimit(limit); err != nil {
		return err
	}
	return rw.exclude(limit)
}

// exclude waits until all readers have left. The caller holds inner.w, and loses it if the limit
// ends the wait.
func (rw *BiasedRWMutex) exclude(limit park.Limit) error {
	slots := rw.bias.Load()
	if slots == nil {
		if rw.inner.state.CompareAndSwap(0, rwWriterHolds) { // acquire
			return nil
		}
		return rw.inner.excludeReaders(limit)
	}
	start := mono.Now()
	rw.inner.state.Or(rwWriterWaits) // first, so that no reader that finds no bias gets in
	rw.bias.Store(nil)
	if err := rw.drain(slots, limit); err != nil {
		rw.bias.Store(slots) // by invariant 5
		rw.inner.w.Unlock()
		return err
	}
	rw.inhibit(start)
	return nil
}

// drain waits, with WriterWaits set and bias cleared, until all readers have left and the writer
// holds inner. If the limit ends the wait it ends the turn of the writer and returns the error.
func (rw *BiasedRWMutex) drain(slots *biasSlots, limit park.Limit) error {
	for i := range slots.slots {
		if err := slots.slots[i].drain(limit); err != nil {
			rw.inner.admitReaders(rwWriterWaits, 0) // the writer has not parked at inner
			return err
		}
	}
	return rw.inner.drain(limit, 0)
}

// inhibit keeps readers out of the slots for a multiple of the time since start, when the writer began
// to turn them away.
func (rw *BiasedRWMutex) inhibit(start int64) {
	now := mono.Now()
	rw.inhibited.Store(now + biasInhibit*(now-start))
}

// Unlock undoes Lock. It does not block. It panics, and changes nothing, if rw is not locked for
// writing.
func (rw *BiasedRWMutex) Unlock() { rw.inner.Unlock() }
