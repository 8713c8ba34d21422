// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// An RWMutex is a lock that any number of readers or one writer can hold. It has all the methods of
// [sync.RWMutex], and forms that can give up waiting.
//
// The zero value is an unlocked RWMutex. An RWMutex must not be copied after first use. It is eight
// bytes long; waiters take memory only while they wait. At most 33,554,431 readers can hold it;
// locking it for one more panics, and changes nothing.
//
// A waiting writer blocks new readers and waits only for the present ones. A reader spins for a short time
// while a writer holds the lock, and the Unlock of that writer admits it ahead of the next writer. Unlock
// also admits sleeping readers ahead of the next writer if there are no more than GOMAXPROCS of them. If
// there are more, Unlock wakes them, and they compete with the next writer. If one of them loses and must
// wait again, the Unlock that it then waits for admits all readers. So a reader waits for one writer, and
// for those that arrive while it goes to sleep or wakes up. A writer waits as it would for a [Mutex], and
// for the critical sections of the readers that are inside. The length of a wait also depends on the
// scheduler: while other goroutines keep the processors busy, a goroutine that was woken, or that is
// preempted while it holds the lock, may not run until they have had their time slices of ten milliseconds
// each. A goroutine that holds the lock for reading must not wait for another reader to arrive: a writer
// that arrives between the two would block both.
//
// [RWMutex.UpgradableLock] is a third way to hold the lock, between reading and writing.
//
// No goroutine owns an RWMutex: one may lock it and another unlock it. A goroutine waits in the Go
// scheduler, and a pinned thread (see package thread) in the kernel. In a bubble of
// testing/synctest a wait with a limit is durable; see [Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the n'th Unlock synchronizes before the return of the m'th
// Lock for every n < m, and for every RLock there is an n such that the n'th Unlock synchronizes
// before its return, and its RUnlock before the return of Lock number n+1. A call that does not get
// the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type RWMutex struct {
	_     noCopy
	state atomic.Uint32 // see the table below
	w     writerMutex   // held by the writer, from before it waits for readers until it is done
}

// The word of an RWMutex is a set of bits and, above them, a count of readers. A reader that
// arrives or leaves while neither WriterWaits nor WriterHolds is set needs no more than its one
// addition.
//
//	WriterHolds   A writer has the lock.
//	              Set by the writer, and by the last reader for a writer that has parked.
//	              Cleared by Unlock, Bump and the forms of Downgrade.
//	WriterWaits   A writer waits for the readers to leave, and new readers wait for the writer.
//	              Set by the writer.
//	              Cleared in the step that sets WriterHolds, and by the writer, giving up.
//	WriterParked  The writer has parked. Until WriterHolds is set it is the head of the queue.
//	              Set by the writer before it enters the queue.
//	              Cleared by the writer when it is awake again, or gives up.
//	Parked        Readers may be in the queue.
//	              Set by a reader before it enters the queue.
//	              Cleared by the writer that ends its turn, and by a reader that gives up and
//	              leaves the queue empty.
//	              Legal with no reader in the queue. Illegal to be clear with one in it.
//	Admit         A reader in the queue was overtaken, or cannot spin: the writer must admit all.
//	              Set by that reader when it parks, and by Bump.
//	              Cleared as Parked.
//	              Legal when that reader has given up: the others are admitted nevertheless.
//	Upgradable    A goroutine holds the lock in upgradable mode. It is not counted in Readers.
//	              Set and cleared by that goroutine.
//	Readers       How many goroutines read, spin until the writer that holds has unlocked, or try to
//	              read and will take their 1 back.
//	              A reader adds 1, and takes it back when it leaves, or goes to sleep; a writer that
//	              admits readers adds their number.
//
// Invariants
//  1. The writer's three bits and Upgradable belong to the holder of w: there is one writer or
//     upgradable holder at a time.
//  2. A reader has the lock if its addition found no writer, or if a writer that admits
//     readers added its 1 while it was in the queue. A reader whose addition found WriterHolds has the lock
//     once that is clear: no writer sets WriterHolds while the 1 is there. Until then it may take the 1 back.
//  3. The addition that leaves WriterWaits and no Readers sets WriterHolds for the writer, if that has
//     parked. The writer parks only while there are readers, in the same step in which it sets
//     WriterParked. So such an addition is still to come.
//  4. A reader parks only while a writer waits or holds, in the same step in which it sets
//     Parked, and without its 1. The writer that ends its turn, by unlocking or by giving up, sees Parked.
//  5. Parked, Admit and the parking of the writer change under the lock of the queue.
//  6. A reader does not spin for a writer that has WriterParked set, since that writer has yet to
//     wake up.
//  7. At most rwMaxReaders hold the lock. Readers that spin for the writer that holds leave one place
//     free, for the forms of Downgrade. Goroutines that try can exceed rwMaxReaders by half as many again
//     before the count reaches rwFew, from which on it counts as negative.
//
// Readers is at the top of the word, so an excess RUnlock borrows from no other bit: it makes the
// count -1 until it puts its 1 back. Other goroutines see that as the presence of readers, but a
// goroutine that locks for reading at that moment is not counted until then. The same happens to
// the readers of a lock that is unlocked once too often while they are inside; the word cannot tell
// which of them made the mistake.
//
// Admitting many readers at each Unlock would be a convoy: the lock is then held by readers that do not
// run, and the next writer waits for each of them to be scheduled. Measured against sync.RWMutex with
// 64 goroutines, 1 % writes, 100 ns inside (BenchmarkRWMutexContended): 1.3 to 1.5 with it, 0.8 with
// readers that are woken and try. No more readers than there are processors are no convoy. A reader
// that cannot spin, as with one processor, is admitted too: a writer that comes back at once would
// always be faster than a woken reader.
const (
	rwWriterHolds = 1 << iota
	rwWriterWaits
	rwWriterParked
	rwParked
	rwAdmit
	rwUpgradable
	rwReader // the lowest bit of Readers

	rwWriter     = rwWriterWaits | rwWriterHolds
	rwReaders    = 1<<32 - rwReader
	rwLess       = 1<<32 - rwReader // to be added: one reader less
	rwMaxReaders = 1<<25 - 1
	rwTooMany    = (rwMaxReaders + 1) * rwReader // the top bit
	rwFew        = 3 << 30                       // from here on the count is negative
	rwSlow       = rwWriter | rwTooMany          // what sends a reader to the slow path
)

// The critical sections of an RWMutex are often short, so a waiter tries often: at most 16 times, 4
// pauses apart. With 8 goroutines, 90 % reads and 100 ns inside, an operation takes 0.8 times as long as
// with sync.RWMutex. It takes 0.8 times with 5 tries, too, 0.93 times with 8 tries 8 pauses apart, 1.1
// times with 5 tries 16 pauses apart, and 1.4 times if a waiter whose processor is crowded sleeps at
// once.
const (
	rwSpinTries  = 16
	rwSpinPauses = 4
)

// TryRLock tries to lock rw for reading without blocking, and reports whether it succeeded.
func (rw *RWMutex) TryRLock() (ok bool) {
	if debugging {
		defer noteIfTrue(&ok, unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	for {
		s := rw.state.Load()
		if s&rwWriter != 0 {
			return false
		}
		if rw.state.CompareAndSwap(s, withReader(s)) { // acquire
			return true
		}
	}
}

// withReader returns the word s, which has no writer, with one reader added. It panics if there are
// too many readers.
func withReader(s uint32) uint32 {
	more := s + rwReader
	if more >= rwTooMany && more < rwFew {
		panic("locks: too many readers of RWMutex")
	}
	return more
}

// RLock locks rw for reading. It blocks while a writer holds rw or waits for it. A goroutine must not
// lock rw for reading twice: a writer that arrives between the two calls would wait for the first and
// block the second.
func (rw *RWMutex) RLock() {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	if s := rw.state.Add(rwReader); s&rwSlow != 0 { // acquire
		rw.rLockSlow(s)
	}
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
}

// rLockSlow is the rest of RLock if its addition found a writer, or too many readers. s is the word as
// RLock left it.
//
//go:noinline
func (rw *RWMutex) rLockSlow(s uint32) {
	counted := mayStay(s)
	if !counted {
		rw.readerLeft(rw.state.Add(rwLess)) // take the 1 back
	}
	if !rw.rLockSpinning(counted) {
		rw.rLockSleeping(park.Limit{}) // no limit, no error
	}
}

// mayStay reports whether a reader whose 1 made the word s may leave it there until the writer that holds
// has unlocked, by invariants 2 and 7.
func mayStay(s uint32) bool { return s&rwWriterHolds != 0 && (s+rwReader)&rwTooMany == 0 }

// TryRLockFor locks rw for reading, blocking for at most d, and reports whether it succeeded. If
// d <= 0, it is equivalent to [RWMutex.TryRLock]. A call that gives up leaves no trace.
func (rw *RWMutex) TryRLockFor(d time.Duration) bool {
	if debugging && d > 0 {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	return rw.TryRLock() || d > 0 && rw.RLockLimit(park.For(d)) == nil
}

// RLockContext locks rw for reading, blocking until it is available or ctx is done. It returns nil
// if it locked rw, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already
// done, RLockContext returns its cause without trying to lock rw. A nil ctx panics.
func (rw *RWMutex) RLockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	if rw.TryRLock() {
		return nil
	}
	return rw.RLockLimit(park.Context(ctx))
}

// RLockLimit locks rw for reading, blocking until it is available or limit is reached. The limit, the
// errors and the order of the checks are those of [Mutex.LockLimit]. A call that gives up leaves no
// trace.
func (rw *RWMutex) RLockLimit(limit park.Limit) (err error) {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugRead)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	if rw.rLockSpinning(false) {
		return nil
	}
	return rw.rLockSleeping(limit)
}

// rLockSleeping locks rw for reading, sleeping as often as it takes. It returns the error
// of the limit if that ends the wait.
func (rw *RWMutex) rLockSleeping(limit park.Limit) error {
	return rw.rLockSleepingAs((*rwReaderQueue)(rw), limit)
}

// rLockSleepingAs is rLockSleeping with e for rw as the Enqueuer of its readers.
func (rw *RWMutex) rLockSleepingAs(e park.Enqueuer, limit park.Limit) error {
	w := park.NewWaiter(park.Exclusion, limit)
	defer w.Free()
	for {
		token, err := w.Sleep(&rw.state, e, nil)
		if err != nil || token == tokenGranted || rw.rLockSpinning(false) {
			return err
		}
	}
}

// rLockSpinning tries to lock rw for reading for a short time, and reports whether it succeeded. While a
// writer holds rw, the reader adds its 1, so that no other writer overtakes it, and then only watches
// the word until it has the lock. counted says that the reader has added the 1 already.
func (rw *RWMutex) rLockSpinning(counted bool) bool {
	budget := spin.NewBudget(rwSpinTries, rwSpinPauses)
	for {
		s := rw.state.Load() // acquire
		switch {
		case counted && s&rwWriterHolds == 0:
			return true
		case s&rwWriter == 0:
			if rw.state.CompareAndSwap(s, withReader(s)) { // acquire
				return true
			}
		case budget.Spent() || s&rwWriterParked != 0: // by invariant 6
			if !counted || rw.state.CompareAndSwap(s, s+rwLess) { // no writer waits for the 1, since one holds rw
				return false
			}
		case !counted && mayStay(s+rwReader):
			counted = rw.state.CompareAndSwap(s, s+rwReader)
		default:
			budget.Spend()
		}
	}
}

// An rwReaderQueue is an RWMutex as the Enqueuer of its readers.
type rwReaderQueue RWMutex

// Enqueue puts w into the queue. If there is no longer a writer, it locks rw for reading instead.
func (rw *rwReaderQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	var bits uint32 = rwParked
	if w.Pushed() || !spin.Worthwhile() {
		bits |= rwAdmit
	}
	for {
		s := rw.state.Load()
		if s&rwWriter == 0 {
			if rw.state.CompareAndSwap(s, withReader(s)) { // acquire
				return tokenGranted
			}
		} else if rw.state.CompareAndSwap(s, s|bits) { // by invariant 4
			q.Push(w)
			return tokenGranted
		}
	}
}

func (rw *rwReaderQueue) GiveUp(q park.Queue, _ *park.Waiter) {
	clearIfEmpty(q, &rw.state, rwParked|rwAdmit)
}

// RUnlock undoes one RLock. It does not block. It panics, and leaves rw as it was, if rw is not
// locked for reading. RUnlock cannot detect a missing RLock while other goroutines read: one of
// them then counts as gone.
func (rw *RWMutex) RUnlock() {
	if debugging && rw.isRead() {
		noteUnlocking(unsafe.Pointer(rw), typeRWMutex, debugRead)
	}
	if s := rw.state.Add(rwLess); s&rwSlow != 0 { // release
		rw.rUnlockSlow(s)
	}
}

// rUnlockSlow is the rest of RUnlock if there is a writer, or if there was no reader. s is the word
// as RUnlock left it.
//
//go:noinline
func (rw *RWMutex) rUnlockSlow(s uint32) {
	// A writer does not hold rw before the last reader has left.
	if wrong := s >= rwFew || s&rwWriterHolds != 0; !wrong {
		rw.readerLeft(s)
		return
	}
	rw.readerLeft(rw.state.Add(rwReader)) // put the 1 back
	panic("locks: RUnlock of unlocked RWMutex")
}

// readerLeft passes the lock to the parked writer if the reader that made the word s was the last, by
// invariant 3.
func (rw *RWMutex) readerLeft(s uint32) {
	const mask, last = rwReaders | rwWriterWaits | rwWriterParked, rwWriterWaits | rwWriterParked
	if s&mask != last {
		return
	}
	var writer *park.Waiter
	park.WithQueue(&rw.state, func(q park.Queue) {
		// The writer may have given up, or a reader that will take its 1 back may have arrived.
		for s = rw.state.Load(); s&mask == last; s = rw.state.Load() {
			if rw.state.CompareAndSwap(s, s&^rwWriterWaits|rwWriterHolds) {
				writer = q.Pop()
				return
			}
		}
	})
	if writer != nil {
		chargeAlso(writer, &rw.w.state)
		writer.Wake(tokenGranted)
	}
}

// RLocker returns a [Locker] whose Lock and Unlock are the RLock and RUnlock of rw.
func (rw *RWMutex) RLocker() Locker { return (*rLocker)(rw) }

type rLocker RWMutex

func (r *rLocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rLocker) Unlock() { (*RWMutex)(r).RUnlock() }

// TryLock tries to lock rw for writing without blocking, and reports whether it succeeded.
func (rw *RWMutex) TryLock() (ok bool) {
	if debugging {
		defer noteIfTrue(&ok, unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	if !rw.w.TryLock() {
		return false
	}
	if rw.state.CompareAndSwap(0, rwWriterHolds) { // acquire
		return true
	}
	rw.w.Unlock()
	return false
}

// Lock locks rw for writing. It blocks until no other goroutine holds it.
func (rw *RWMutex) Lock() {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	rw.w.Lock()
	if !rw.state.CompareAndSwap(0, rwWriterHolds) { // acquire
		rw.excludeReaders(park.Limit{}) // no limit, no error
	}
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
}

// TryLockFor locks rw for writing, blocking for at most d, and reports whether it succeeded. If
// d <= 0, it is equivalent to [RWMutex.TryLock]. A call that gives up leaves no trace: the readers
// that it blocked proceed.
func (rw *RWMutex) TryLockFor(d time.Duration) bool {
	if debugging && d > 0 {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	return rw.TryLock() || d > 0 && rw.LockLimit(park.For(d)) == nil
}

// LockContext locks rw for writing, blocking until it is available or ctx is done. It returns nil
// if it locked rw, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already
// done, LockContext returns its cause without trying to lock rw. A nil ctx panics.
func (rw *RWMutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	if rw.TryLock() {
		return nil
	}
	return rw.LockLimit(park.Context(ctx))
}

// LockLimit locks rw for writing, blocking until it is available or limit is reached, such as the deadline
// [park.Until](t). The errors and the order of the checks are those of [Mutex.LockLimit]. A call that gives up leaves
// no trace.
func (rw *RWMutex) LockLimit(limit park.Limit) (err error) {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugWrite)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	if err := rw.w.LockLimit(limit); err != nil {
		return err
	}
	return rw.excludeReaders(limit)
}

// excludeReaders waits until all readers have left. The caller holds w, and loses it
// if the limit ends the wait.
//
//go:noinline
func (rw *RWMutex) excludeReaders(limit park.Limit) error {
	return rw.excludeReadersAs((*rwWriterQueue)(rw), limit)
}

// excludeReadersAs is excludeReaders with e for rw as the Enqueuer of its writer.
func (rw *RWMutex) excludeReadersAs(e park.Enqueuer, limit park.Limit) error {
	rw.state.Or(rwWriterWaits)
	err := rw.drainAs(e, limit, 0)
	if err != nil {
		rw.w.Unlock()
	}
	return err
}

// drain waits, with WriterWaits set, until all readers have left and the writer holds rw. If the
// limit ends the wait, drain ends the turn of the writer, adds keep to the word, and returns the
// error of the limit.
func (rw *RWMutex) drain(limit park.Limit, keep uint32) error {
	return rw.drainAs((*rwWriterQueue)(rw), limit, keep)
}

// drainAs is drain with e for rw as the Enqueuer of its writer.
func (rw *RWMutex) drainAs(e park.Enqueuer, limit park.Limit, keep uint32) error {
	if rw.holdSpinning() {
		return nil
	}
	w := park.NewWaiter(park.Exclusion, limit)
	defer w.Free()
	w.SetTag(uint64(keep))
	_, err := w.Sleep(&rw.state, e, nil)
	if err != nil && rw.state.Load()&rwWriterHolds == 0 { // otherwise GiveUp has found all readers gone
		return err
	}
	rw.state.And(^uint32(rwWriterParked)) // by invariant 6
	return nil
}

// holdSpinning waits for a short time until all readers have left, and reports whether the
// writer now holds rw.
func (rw *RWMutex) holdSpinning() bool {
	for budget := spin.NewBudget(rwSpinTries, rwSpinPauses); !rw.tryHold(); budget.Spend() {
		if budget.Spent() {
			return false
		}
	}
	return true
}

// tryHold turns WriterWaits into WriterHolds if all readers have left, and reports whether it
// succeeded.
func (rw *RWMutex) tryHold() bool {
	for {
		s := rw.state.Load()
		if s&rwReaders != 0 {
			return false
		}
		if rw.state.CompareAndSwap(s, s&^rwWriterWaits|rwWriterHolds) { // acquire
			return true
		}
	}
}

// An rwWriterQueue is an RWMutex as the Enqueuer of its writer. The tag of the writer is the keep of
// drain.
type rwWriterQueue RWMutex

// Enqueue puts w at the front of the queue. If all readers have left, it makes the writer hold rw
// instead.
func (rw *rwWriterQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	for !(*RWMutex)(rw).tryHold() {
		s := rw.state.Load()
		if s&rwReaders != 0 && rw.state.CompareAndSwap(s, s|rwWriterParked) { // by invariant 3
			q.PushFront(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp ends the turn of the writer. If the last reader has left and has yet to wake the writer, the
// writer holds rw instead.
func (rw *rwWriterQueue) GiveUp(q park.Queue, w *park.Waiter) {
	if rw := (*RWMutex)(rw); !rw.tryHold() {
		readers, token, _ := rw.takeReaders(q, rwWriterWaits|rwWriterParked, uint32(w.Tag()))
		w.WakeLater(readers, token)
	}
}

// Unlock undoes Lock. It does not block. It panics, and changes nothing, if rw is not locked for
// writing.
func (rw *RWMutex) Unlock() {
	if debugging && rw.state.Load()&rwWriterHolds != 0 {
		noteUnlocking(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	if !rw.state.CompareAndSwap(rwWriterHolds, 0) { // release
		rw.unlockSlow()
	}
	rw.w.Unlock()
}

// unlockSlow is the rest of Unlock if readers wait.
//
//go:noinline
func (rw *RWMutex) unlockSlow() { rw.endWriting("Unlock", 0) }

// endWriting ends the turn of the writer that holds rw, and adds keep to the word: a reader, or an
// upgradable holder. It panics with a message that has name, the caller's, if rw is not held for
// writing.
func (rw *RWMutex) endWriting(name string, keep uint32) {
	for s := rw.state.Load(); s&(rwWriterHolds|rwParked) == rwWriterHolds; s = rw.state.Load() {
		if rw.state.CompareAndSwap(s, s&^rwWriterHolds+keep) { // release
			return // no reader sleeps
		}
	}
	if !rw.admitReaders(rwWriterHolds, keep) {
		panic("locks: " + name + " of unlocked RWMutex")
	}
}

// admitReaders ends the turn of a writer: it clears bits, adds keep to the word, and wakes all readers
// in the queue. If none of bits is set, it does nothing and reports false.
func (rw *RWMutex) admitReaders(bits, keep uint32) (ok bool) {
	var readers park.Waiters
	var token uint32
	park.WithQueue(&rw.state, func(q park.Queue) { readers, token, ok = rw.takeReaders(q, bits, keep) })
	readers.Wake(token)
	return ok
}

// takeReaders is admitReaders without the wake. It returns the readers to wake, and the token.
//
// It admits the readers if they are so few that they can run at once, or if one of them has set Admit.
// It also admits them if the writer gives up: the readers for which the writer waited are still
// inside, and the next writer must not stop the sleeping readers once more.
func (rw *RWMutex) takeReaders(q park.Queue, bits, keep uint32) (readers park.Waiters, token uint32, ok bool) {
	if rw.state.Load()&bits == 0 {
		return readers, token, false
	}
	readers = q.PopAll()
	for {
		s := rw.state.Load()
		if s&bits == 0 { // another Unlock was faster; it did not see Parked, so readers is empty
			return readers, token, false
		}
		free := s&^(bits|rwParked|rwAdmit) + keep
		token = tokenRetry
		admit := s&rwAdmit != 0 || bits&rwWriterWaits != 0 || readers.Len() <= procs.Count()
		if admit && int(free/rwReader)+readers.Len() <= rwMaxReaders {
			token = tokenGranted
			free += uint32(readers.Len()) * rwReader
		}
		if rw.state.CompareAndSwap(s, free) { // release
			return readers, token, true
		}
	}
}
