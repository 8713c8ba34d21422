// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A Semaphore holds a number of permits, which processes acquire and release. A Semaphore is in a [Region]. Init sets
// the number of permits; until then it has none. A Semaphore is 256 bytes long.
//
// A process owns the permits that it has acquired: any of its goroutines may release them, and no other process may.
// When a process dies, for whatever reason, the Semaphore regains its permits, as a System V semaphore with SEM_UNDO
// does, and waiters get them after at most 100 ms. No call reports such a death, although the process may have left
// half done what the permits were for.
//
// At most 13 processes can hold permits at the same time; others wait until one of these has released all of its
// permits.
//
// The requests of a process are served in FIFO order: no small request overtakes a large one that waits, and TryAcquire
// does not either. There is no order between processes: a large request may wait for as long as other processes leave
// too few permits free at any one time.
//
// A Release synchronizes before the return of every acquisition that follows it. A call that acquires nothing
// establishes no ordering.
type Semaphore struct {
	m      Mutex         // held for the moment in which one of the other fields changes
	total  atomic.Int64  // the number of permits; 0 before Init
	gate   atomic.Uint32 // see the table below
	_      [20]byte
	shares [13]share // of the processes that hold permits
}

// A share changes as its table says; acquiring and releasing are a single store to the count of the process's share.
// gate changes with m held:
//
//	even 2k   → odd 2k+1   a waiter that finds too few permits, before it sleeps
//	odd 2k+1  → even 2k+2  who makes permits or a share free, and then wakes all
//
// The number of free permits is not a variable: it is the total less the counts. So a kill cannot leave anything half
// changed, and an owner of m that dies leaves consistent data.
//
//	killed in Acquire, before the count is stored   it has nothing; its share is marked, and freed by the next
//	killed later, until Release has stored          its share is marked, and the count comes back
//	killed in Release, before gate is changed       no waiter is woken: the waiters look after the time recheck
//	killed between gate and the wake                the same
//	killed as a waiter                              gate stays odd; the next change of gate wakes for nothing
//
// A waiter looks for marked shares each time it has m, which is at least once per recheck. The first waiter of each
// process sleeps at gate, and the others wait for their turn in the process's own queue.

// A semLocal is the state of a Semaphore that is local to the process.
type semLocal struct {
	_       [16]byte        // of m
	held    atomic.Int64    // the permits that the process holds, whatever another process has written into the share
	queue   locks.FairMutex // held by the goroutine that waits for permits, on behalf of all
	waiting atomic.Int32    // goroutines that have or want queue
	last    atomic.Uint32   // the index of the share that the process had last
}

func (s *Semaphore) local() *semLocal { return (*semLocal)(privately(unsafe.Pointer(s))) }

// Init sets the number of permits of s. All processes may call it at the same time: the first call settles the number,
// and later calls with a different number return [ErrInitialized]. It panics if n is less than 1.
func (s *Semaphore) Init(n int64) (err error) {
	if n < 1 {
		panic("shared: Semaphore of less than one permit")
	}
	s.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := s.m.lockInside(limit{}); err != nil {
		return err
	}
	defer s.m.unlockInside()
	s.total.CompareAndSwap(0, n)
	if total := s.total.Load(); total != n {
		return fmt.Errorf("%w: %d permits, not %d", ErrInitialized, total, n)
	}
	return nil
}

// Acquire acquires n permits, blocking until it has them. It panics if n is negative.
//
// It returns nil if it acquired them. Otherwise it has acquired none, and returns [ErrTooLarge] if s has fewer than n
// permits in total, [ErrUninitialized], [ErrClosed] or [ErrTruncated].
func (s *Semaphore) Acquire(n int64) error { return s.acquire(n, limit{}) }

// TryAcquire acquires n permits if they are free and no goroutine of the process waits for permits, and reports whether
// it did. It does not block. The error is as that of Acquire. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int64) (acquired bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return s.tryFirst(n, limit{})
}

// TryAcquireFor acquires n permits, blocking for at most d, and reports whether it succeeded. The error is as that of
// Acquire. It panics if n is negative.
func (s *Semaphore) TryAcquireFor(n int64, d time.Duration) (acquired bool, err error) {
	if d <= 0 {
		return s.TryAcquire(n)
	}
	return inTime(s.acquire(n, limit{deadline: time.Now().Add(d)}))
}

// AcquireContext acquires n permits, blocking until it has them or ctx is done. The error is as that of Acquire, or the
// [context.Cause] of ctx. If ctx is already done, AcquireContext returns its cause, even if the permits are free. It
// panics if ctx is nil or n is negative.
func (s *Semaphore) AcquireContext(ctx context.Context, n int64) error {
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return s.acquire(n, limit{ctx: ctx})
}

// acquire is Acquire up to a limit.
func (s *Semaphore) acquire(n int64, l limit) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if acquired, err := s.tryFirst(n, l); acquired || err != nil {
		return err
	}
	r, err := enter(unsafe.Pointer(s))
	if err != nil {
		return err
	}
	defer r.exit()
	own := s.local()
	own.waiting.Add(1)
	defer own.waiting.Add(-1)
	if err := lockFair(&own.queue, l); err != nil {
		return err
	}
	defer own.queue.Unlock()
	began := time.Now()
	for {
		acquired, gate, err := s.try(n, true, l)
		if acquired || err != nil {
			return err
		}
		if err := await(&s.gate, gate, l); err != nil {
			if acquired, _, _ := s.try(n, false, l); acquired {
				return nil
			}
			return err
		}
		if now := time.Now(); now.Sub(began) >= recheck {
			markDead(s.shares[:])
			began = now
		}
	}
}

// lockFair locks m up to a limit.
func lockFair(m *locks.FairMutex, l limit) error {
	switch {
	case l.ctx != nil:
		return reason(m.LockContext(l.ctx))
	case l.deadline.IsZero():
		m.Lock()
	case !m.TryLockFor(time.Until(l.deadline)):
		return os.ErrDeadlineExceeded
	}
	return nil
}

// tryFirst acquires n permits if they are free and no goroutine of the process waits.
func (s *Semaphore) tryFirst(n int64, l limit) (acquired bool, err error) {
	if n < 0 {
		panic("shared: negative number of permits")
	}
	if s.local().waiting.Load() != 0 {
		return false, nil
	}
	acquired, _, err = s.try(n, false, l)
	return acquired, err
}

// try acquires n permits if they are free. Otherwise, if the caller is going to wait, it returns the value of gate:
// until gate changes, trying again is futile.
func (s *Semaphore) try(n int64, wait bool, l limit) (ok bool, gate uint32, err error) {
	if err := s.m.lockInside(l); err != nil {
		return false, 0, err
	}
	total := s.total.Load()
	more := reclaimShares(s.shares[:], nil)
	if n > s.free(total) && (!wait || !marks()) {
		markDead(s.shares[:])
		more = reclaimShares(s.shares[:], nil) || more
	}
	switch own := s.local(); {
	case total <= 0:
		err = ErrUninitialized
	case n > total:
		err = ErrTooLarge
	case n == 0:
		ok = true
	case n <= s.free(total):
		var mine *share
		if mine, err = claimShare(s.shares[:], &own.last); mine != nil {
			mine.count.Store(own.held.Add(n))
			ok = true
		}
	}
	if ok {
		acquired(&s.gate)
	}
	wake := more && s.open()
	if wait && !ok && err == nil {
		gate = s.gate.Load() | 1
		s.gate.Store(gate)
	}
	s.m.unlockInside()
	if wake {
		wakeAll(&s.gate)
	}
	return ok, gate, err
}

// free returns how many permits are free. m is held.
func (s *Semaphore) free(total int64) int64 {
	for i := range s.shares {
		n := s.shares[i].count.Load()
		if n < 0 || n > total {
			return 0 // another process has written an invalid count
		}
		total -= n
	}
	return total
}

// open changes gate, because permits or a share became free, and reports whether there are sleepers on
// it. m is held.
func (s *Semaphore) open() bool {
	gate := s.gate.Load()
	if gate&1 == 0 {
		return false
	}
	s.gate.Store(gate + 1)
	return true
}

// Release releases n permits. It panics, and changes nothing, if the process holds fewer, or if n is negative. It
// blocks only for the moment in which another goroutine changes s.
//
// It returns [ErrClosed] or [ErrTruncated] if the region is gone.
func (s *Semaphore) Release(n int64) (err error) {
	own := s.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	for {
		held := own.held.Load()
		if n < 0 || n > held {
			panic("shared: release of more permits than this process holds")
		}
		if own.held.CompareAndSwap(held, held-n) {
			break
		}
	}
	if err := s.m.lockInside(limit{}); err != nil {
		return err
	}
	releasing(&s.gate)
	mine := &s.shares[int(own.last.Load())%len(s.shares)]
	if id := mine.owner(); id != 0 {
		held := own.held.Load()
		mine.count.Store(held)
		if held == 0 {
			mine.owned.free(id)
		}
	}
	wake := s.open()
	s.m.unlockInside()
	if wake {
		wakeAll(&s.gate)
	}
	return nil
}

// Available returns how many permits are free. Others may have acquired them by the time it returns. The error is as
// that of Acquire.
func (s *Semaphore) Available() (n int64, err error) {
	s.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := s.m.lockInside(limit{}); err != nil {
		return 0, err
	}
	markDead(s.shares[:])
	wake := reclaimShares(s.shares[:], nil) && s.open()
	total := s.total.Load()
	n = s.free(total)
	s.m.unlockInside()
	if wake {
		wakeAll(&s.gate)
	}
	if total <= 0 {
		return 0, ErrUninitialized
	}
	return n, nil
}
