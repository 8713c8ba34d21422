// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A BiasedRWMutex is an [RWMutex] for values that are read all the time by many processors, and
// hardly ever written. Readers leave their marks on cache lines of their own, so they
// do not slow each other down; a writer has to look at all of these, and pays for it.
//
//	t := rw.RLock()
//	defer rw.RUnlock(t)
//
// The zero value is an unlocked BiasedRWMutex. It must not be copied after first use. It is 32
// bytes long (24 on 32-bit systems), and its first reader allocates 4 to 7 slots of 128 bytes for
// each processor of GOMAXPROCS. At most 33,554,431 readers can hold it by the RWMutex inside, and
// 2,147,483,647 in one slot. So it is for a few busy locks of a program. If more
// than about one in five hundred locks for writing, or readers seldom meet, an RWMutex is faster:
// BenchmarkBiasedRWMutexContended has both.
//
// When a writer comes, readers use the RWMutex inside, and they go back to their slots after 9
// times as long as the writer took to turn them away. So writers lose about a tenth of their
// time to that, and fairness is that of RWMutex: a waiting writer blocks new readers and
// waits for the present ones only, and a reader must not wait for another one to come. No
// goroutine owns a BiasedRWMutex: any goroutine may unlock it, for reading with the token. A
// goroutine waits in the Go scheduler, a pinned thread (see package thread) in the kernel. In a
// bubble of testing/synctest a wait with a limit is durable; see [Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the n'th Unlock synchronizes before the return
// of the m'th Lock for every n < m, and for every RLock there is an n such that the n'th
// Unlock synchronizes before its return, and its RUnlock before the return of Lock number
// n+1. A call that does not get the lock orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type BiasedRWMutex struct {
	_         noCopy
	inner     RWMutex                   // held for reading by readers without a slot, for writing by the writer
	bias      atomic.Pointer[biasSlots] // the slots while readers may use them, or nil
	slots     *biasSlots                // the slots, once there are some; guarded by inner.w
	inhibited atomic.Int64              // no bias before this time of mono.Now; 0: there was no writer to say so
}

// The algorithm is BRAVO (Dice and Kogan, BRAVO: Biased locking for reader-writer locks, 2019),
// with slots that belong to the lock, and that count, so that two readers can share one.
//
//	bias   inner.state            who may read            who changes bias, holding inner.w
//	slots  no writer holds        all; new ones in slots  the writer: to nil, after it has set WriterWaits
//	nil    no writer is there     all; new ones in inner  a reader, when inhibited is over: to slots
//	nil    a writer waits, holds  those inside            the writer, giving up: to slots
//
// Invariants
//  1. bias and slots change only with inner.w held. So they do not while a writer waits or holds.
//  2. A reader in a slot has the lock if it saw bias set after it had added its 1. If not, it takes
//     the 1 back, as a reader that leaves does.
//  3. A slot that is 0 at some time after the writer has cleared bias has no readers, by 2, until
//     bias is set again. The writer looks at each, so it excludes all readers in slots.
//  4. A reader that brings a slot to 0 and then finds bias cleared looks, under the lock of the
//     slot's queue, whether it is 0, and wakes the writer that may sleep there. The writer enters
//     the queue in a step that finds the slot not 0, after it has cleared bias. So it is woken.
//  5. If bias is nil and inner.w is free, the slots are 0, but for those that take a 1 back.
//     A writer that gives up sets bias again, for there may be readers left.

// A biasSlot counts readers, on a cache line of its own. Readers that try, and will take their 1 back,
// are counted, too. A token that is given back too often makes the count of a slot without readers
// negative, until RUnlock has put the 1 back.
type biasSlot struct {
	rw      *BiasedRWMutex // whose slot it is
	readers atomic.Uint32
	// Lines are 64 bytes long, but fetched in pairs by many processors, or 128.
	_ [128 - unsafe.Sizeof(uintptr(0)) - 4]byte
}

const (
	biasTooMany = 1 << 31 // more readers than a slot can have
	biasFew     = 3 << 30 // from here on the count of a slot is negative
)

// biasSlots are the slots of one lock: a power of two.
type biasSlots struct {
	slots []biasSlot
	shift uint8 // 64 less the bits of an index
}

// A ReadToken stands for one lock for reading of a [BiasedRWMutex]. It may be copied and passed
// on, and is to be given back once.
type ReadToken struct {
	slot *biasSlot // nil: inner is held for reading
}

// biasSpare is how many slots there are for each processor, at least. Two goroutines that run
// at the same time meet in a slot with a probability of one in their number.
const biasSpare = 4

// Only tests change these.
var (
	// biasInhibit is how many times as long as it took to turn readers away they have to stay
	// away.
	biasInhibit int64 = 9
	// One in so many readers without a slot looks whether it is time to go back: the clock costs
	// more than the lock.
	biasLook uint32 = 16
)

// RLock locks rw for reading. It blocks while a writer holds rw or waits for it. The token is
// for RUnlock. RLock must not be used to lock rw twice in one goroutine: a writer that comes
// between blocks both.
func (rw *BiasedRWMutex) RLock() ReadToken {
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}
	}
	rw.inner.RLock()
	rw.biasAgain()
	return ReadToken{}
}

// TryRLock locks rw for reading if that is possible now, and reports whether it has. The token
// is of use only then. It does not block.
func (rw *BiasedRWMutex) TryRLock() (t ReadToken, ok bool) {
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, true
	}
	if !rw.inner.TryRLock() {
		return ReadToken{}, false
	}
	rw.biasAgain()
	return ReadToken{}, true
}

// TryRLockFor locks rw for reading, and blocks for at most d until it can. It reports false if
// that was not possible in time. With d of zero or less it is [BiasedRWMutex.TryRLock]. A call that
// gives up leaves no trace.
func (rw *BiasedRWMutex) TryRLockFor(d time.Duration) (t ReadToken, ok bool) {
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, true
	}
	if !rw.inner.TryRLockFor(d) {
		return ReadToken{}, false
	}
	rw.biasAgain()
	return ReadToken{}, true
}

// RLockContext locks rw for reading, and blocks until it can or ctx ends. It returns nil if it has
// locked rw, and the [context.Cause] of ctx otherwise. If ctx is already done, RLockContext
// returns its cause without trying to lock rw. A nil ctx panics.
func (rw *BiasedRWMutex) RLockContext(ctx context.Context) (ReadToken, error) {
	if err := contextErr(ctx); err != nil {
		return ReadToken{}, err
	}
	if slot := rw.enter(); slot != nil {
		return ReadToken{slot}, nil
	}
	if err := rw.inner.RLockContext(ctx); err != nil {
		return ReadToken{}, err
	}
	rw.biasAgain()
	return ReadToken{}, nil
}

// RUnlock gives back t, which RLock, or a form of it, has returned. It does not block. It panics,
// and rw is as it was, if t is of a slot of another lock, or no reader is where t says. A token that is
// given back twice cannot be detected while another reader is in the same place, which then counts as
// gone.
func (rw *BiasedRWMutex) RUnlock(t ReadToken) {
	if t.slot == nil {
		rw.inner.RUnlock()
		return
	}
	if t.slot.rw != rw {
		panic("locks: RUnlock of a BiasedRWMutex with the token of another")
	}
	rw.leave(t.slot)
}

// Lock locks rw for writing. It blocks until nobody else holds it.
func (rw *BiasedRWMutex) Lock() {
	rw.inner.w.Lock()
	rw.exclude(park.Limit{}) // no limit, no error
}

// TryLock locks rw for writing if that is possible now, and reports whether it has. It does not
// block.
func (rw *BiasedRWMutex) TryLock() bool {
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

// TryLockFor locks rw for writing, and blocks for at most d until it can. It reports false if that
// was not possible in time. With d of zero or less it is [BiasedRWMutex.TryLock]. A call that
// gives up leaves no trace: the readers that it held back go on.
func (rw *BiasedRWMutex) TryLockFor(d time.Duration) bool {
	return rw.TryLock() || d > 0 && rw.lockLimit(park.For(d)) == nil
}

// LockContext locks rw for writing, and blocks until it can or ctx ends. It returns nil if it has
// locked rw, and the [context.Cause] of ctx otherwise. If ctx is already done, LockContext returns
// its cause without trying to lock rw. A nil ctx panics.
func (rw *BiasedRWMutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil || rw.TryLock() {
		return err
	}
	return rw.lockLimit(park.Context(ctx))
}

// Unlock undoes Lock. It does not block. It panics, and changes nothing, if rw is not locked for
// writing.
func (rw *BiasedRWMutex) Unlock() { rw.inner.Unlock() }

// enter adds 1 to the caller's slot and returns that, if readers may use slots.
func (rw *BiasedRWMutex) enter() *biasSlot {
	if slots := rw.bias.Load(); slots != nil {
		return rw.enterSlot(slots.ofCaller())
	}
	return nil
}

// enterSlot adds 1 to slot and returns it, if readers may still use slots.
func (rw *BiasedRWMutex) enterSlot(slot *biasSlot) *biasSlot {
	n := slot.readers.Add(1)
	if rw.bias.Load() == nil || int32(n) < 0 { // acquire; by invariant 2
		rw.refuse(slot, n)
		return nil
	}
	return slot
}

// refuse takes the caller's 1 out of a slot into which it may not go, as a writer has come or there
// are too many readers. n is the count with the caller.
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

// leave takes 1 away from a slot. While a writer holds rw those in the slot are readers that try.
func (rw *BiasedRWMutex) leave(slot *biasSlot) {
	if rw.bias.Load() == nil && rw.inner.state.Load()&rwWriterHolds != 0 {
		panic("locks: RUnlock of unlocked BiasedRWMutex")
	}
	n := slot.readers.Add(^uint32(0)) // release
	if int32(n) <= 0 && (n != 0 || rw.bias.Load() == nil) {
		rw.leaveSlow(slot, n)
	}
}

// leaveSlow is what remains of leave if a writer may wait for that, or there was no reader. n is
// what was left in the slot.
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

// wakeWriter wakes the writer that sleeps until the slot is 0, if that is so.
func (s *biasSlot) wakeWriter() {
	var w *park.Waiter
	park.WithQueue(&s.readers, func(q park.Queue) {
		if s.readers.Load() == 0 { // by invariant 4
			w = q.Pop()
		}
	})
	if w != nil {
		w.Wake(tokenLocked)
	}
}

// biasAgain lets readers use slots, if it is time. The caller holds inner for reading.
func (rw *BiasedRWMutex) biasAgain() {
	until := rw.inhibited.Load()
	if until != 0 && (rand.Uint32N(biasLook) != 0 || mono.Now() < until) || !rw.inner.w.TryLock() {
		return
	}
	if rw.slots == nil {
		rw.slots = rw.newSlots(biasSpare * procs.Count())
	}
	rw.bias.Store(rw.slots)
	rw.inner.w.Unlock()
}

// inhibit sends readers to the lock inside for a time that depends on how long it took to turn
// them away, since start.
func (rw *BiasedRWMutex) inhibit(start int64) {
	now := mono.Now()
	rw.inhibited.Store(now + biasInhibit*(now-start))
}

// lockLimit locks rw for writing. It returns the error of the limit if that ends the wait.
func (rw *BiasedRWMutex) lockLimit(limit park.Limit) error {
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
	rw.inner.state.Or(rwWriterWaits) // first, so that nobody who finds no bias gets in
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
			rw.inner.admitReaders(rwWriterWaits|rwWriterParked, 0)
			return err
		}
	}
	return rw.inner.drain(limit, 0)
}

func (rw *BiasedRWMutex) newSlots(atLeast int) *biasSlots {
	log := bits.Len(uint(atLeast - 1))
	s := &biasSlots{make([]biasSlot, 1<<log), uint8(64 - log)}
	for i := range s.slots {
		s.slots[i].rw = rw
	}
	return s
}

// ofCaller returns the slot of the calling goroutine: a hash of where its stack is, the two kilobytes
// of it in use. Other ways to tell goroutines, or processors, apart cost more: it takes a
// seventh of the time of a sync.Pool's Get and Put.
func (s *biasSlots) ofCaller() *biasSlot {
	var here byte
	page := uint64(uintptr(unsafe.Pointer(&here)) >> 11) // a number: nothing is read through it
	return &s.slots[page*0x9E3779B97F4A7C15>>s.shift]
}

// empty reports whether each slot was 0 when it looked.
func (s *biasSlots) empty() bool {
	for i := range s.slots {
		if s.slots[i].readers.Load() != 0 { // acquire
			return false
		}
	}
	return true
}

// drain waits until the slot is 0. It returns the error of the limit if that ends the wait.
func (s *biasSlot) drain(limit park.Limit) error {
	for budget := spin.NewBudget(rwSpinTries, rwSpinPauses); !budget.Spent() && s.readers.Load() != 0; {
		budget.Spend()
	}
	if s.readers.Load() == 0 { // acquire
		return nil
	}
	w := park.NewWaiter(park.Exclusion, limit)
	defer w.Free()
	if _, err := w.SleepOn(&s.readers, (*slotQueue)(s), nil); err != nil {
		return err
	}
	s.readers.Load() // acquire: what those did who were in the slot
	return nil
}

// A slotQueue is a biasSlot as an Enqueuer.
type slotQueue biasSlot

func (s *slotQueue) Enqueue(q park.Queue, w *park.Waiter) bool {
	if s.readers.Load() == 0 { // acquire
		return false
	}
	q.Push(w) // by invariant 4
	return true
}

func (s *slotQueue) GiveUp(park.Queue, *park.Waiter) {}
