// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A Barrier lets a fixed number of parties wait for each other. The parties are goroutines, of any of the processes.
// When the last party arrives, all parties proceed and the Barrier is ready for the next round. The last party to
// arrive is the leader, which can do work that is needed once per round. A Barrier is in a [Region]. Init sets the
// number of parties. A Barrier is 512 bytes long.
//
// A party that gives up breaks the Barrier, since the others would otherwise wait forever: the waits of all parties of
// this round return [ErrBroken], and so do later waits, until Reset. A process that dies while one of its goroutines
// waits also breaks the Barrier; the other waits return ErrBroken after at most 100 ms, unless the last party arrives
// before that. The death of a process none of whose goroutines waits is not detected: the parties that wait for it
// must give up.
//
// All parties of a round have the same outcome, except the one that breaks the Barrier. If there are more callers than
// parties, a round consists of the callers that arrive first. A party that is not scheduled until 64 later rounds have
// ended gets ErrBroken, however its round ended; that can happen only with more callers than parties.
//
// Parties of at most 30 processes can wait at the same time.
//
// The calls of all parties of a round synchronize before the return of each of them. A wait that fails
// establishes no ordering.
type Barrier struct {
	m       Mutex         // held for the moment in which one of the other fields changes
	parties atomic.Uint32 // 0 before Init
	round   atomic.Uint32 // see the table below
	broken  atomic.Uint64 // bit r%64 is set if round r was broken
	shares  [30]share     // of the processes whose goroutines wait
}

// The word round has the number r of the round in its upper bits, and the bit 1 if the Barrier is broken, in which case
// no party waits. The parties of round r that have arrived are those in shares of that round. A share changes as its
// table says. With m held:
//
//	a party arrives        the process's share: round r, count+1
//	last party arrives     broken: clear bit r;  round: 2r → 2r+2
//	a party gives up, or   broken: set bit r;    round: 2r → 2r+3
//	is found dead
//	Reset                  broken: set bit r;    round: 2r → 2r+2
//	Reset, if broken                             round: 2r+1 → 2r
//
// A change of round is followed by a wake of all waiters. The change of round ends a round in one step: the counts are
// of an earlier round from then on, and need not be cleared.
//
//	killed before its share counts it  the party has not come
//	killed as a waiter                 the share is marked: a party that arrives, or a lookout after the time recheck, breaks it
//	killed between broken and round    the round goes on, and bit r is written again when it ends
//	killed between round and the wake  the parties see the change after the time recheck
//
// A process frees its share when its last party leaves, which is when the round is over for all of its parties. A party
// keeps the number of its round, and finds the outcome of the round in broken.

// A barrierLocal is the state of a Barrier that is local to the process.
type barrierLocal struct {
	_    [16]byte      // of m
	door locks.Mutex   // held to change n, after m
	n    int32         // parties that have arrived and not left yet; not 0 while the process owns a share
	last atomic.Uint32 // the index of the share that the process had last
}

func (b *Barrier) local() *barrierLocal { return (*barrierLocal)(privately(unsafe.Pointer(b))) }

// Init sets the number of parties of b. All processes may call it at the same time: the first call settles the number,
// and later calls with a different number return [ErrInitialized]. It panics if the number is less than 1 or more than
// 2,147,483,647.
func (b *Barrier) Init(parties int) (err error) {
	if parties < 1 {
		panic("shared: Barrier of less than one party")
	}
	if parties > math.MaxInt32 {
		panic("shared: Barrier of too many parties")
	}
	b.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if b.parties.CompareAndSwap(0, uint32(parties)) {
		return nil
	}
	if n := b.parties.Load(); n != uint32(parties) {
		return fmt.Errorf("%w: %d parties, not %d", ErrInitialized, n, parties)
	}
	return nil
}

// Wait blocks until all parties have arrived, and reports whether the caller is the leader.
//
// It returns nil, or [ErrBroken] if another party has given up or died or called Reset, or [ErrUninitialized],
// [ErrTooManyParties], [ErrClosed] or [ErrTruncated].
func (b *Barrier) Wait() (leader bool, err error) { return b.wait(limit{}) }

// WaitFor blocks until all parties have arrived, but at most for d, and reports whether the caller is the leader. If d
// elapses first, WaitFor breaks the Barrier and returns [os.ErrDeadlineExceeded]. Other errors are those of Wait. If
// d <= 0, it does so at once, unless the caller is the last party to arrive.
func (b *Barrier) WaitFor(d time.Duration) (leader bool, err error) {
	return b.wait(limit{deadline: time.Now().Add(d)})
}

// WaitContext blocks until all parties have arrived or ctx is done, and reports whether the caller is the leader. If
// ctx is done first, WaitContext breaks the Barrier and returns the [context.Cause] of ctx. Other errors are those of
// Wait. If ctx is already done, WaitContext breaks the Barrier and returns its cause. A nil ctx panics.
func (b *Barrier) WaitContext(ctx context.Context) (leader bool, err error) {
	if err := park.Ended(ctx); err != nil {
		if failed := b.reset(1); failed != nil {
			return false, failed
		}
		return false, err
	}
	return b.wait(limit{ctx: ctx})
}

func (b *Barrier) wait(l limit) (leader bool, err error) {
	b.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	r, err := enter(unsafe.Pointer(b))
	if err != nil {
		return false, err
	}
	defer r.exit()
	releasing(&b.round)
	round, leader, err := b.come(l)
	if leader {
		acquired(&b.round)
		wakeAll(&b.round)
	}
	if leader || err != nil {
		return leader, err
	}
	defer b.leave()
	for b.round.Load()>>1 == round {
		if err := gather(&b.round, round<<1, b.kind).wait(l); err != nil {
			if is, failed := b.giveUp(round); failed != nil {
				return false, failed
			} else if is {
				return false, err
			}
		}
	}
	if b.wasBroken(round) {
		return false, ErrBroken
	}
	acquired(&b.round)
	return false, nil
}

// come adds a party to the round, and returns the number of the round. If the party is the last one, come ends the
// round; the caller wakes the others.
func (b *Barrier) come(l limit) (round uint32, leader bool, err error) {
	if err := b.m.lockInside(l); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) || l.ctx != nil && park.Ended(l.ctx) != nil { // a party that gives up breaks the Barrier, even before it has arrived
			if failed := b.reset(1); failed != nil {
				err = failed
			}
		}
		return 0, false, err
	}
	defer b.m.unlockInside()
	if !marks() && b.arrived(b.round.Load()>>1)+1 >= uint64(b.parties.Load()) {
		markDead(b.shares[:]) // before the round ends successfully
	}
	if b.breakIfDead() {
		wakeAll(&b.round)
	}
	word, parties := b.round.Load(), b.parties.Load()
	round = word >> 1
	switch {
	case parties == 0:
		return 0, false, ErrUninitialized
	case word&1 != 0:
		return 0, false, ErrBroken
	case b.arrived(round)+1 >= uint64(parties):
		b.finish(round, false, 0)
		return round, true, nil
	}
	own := b.local()
	own.door.Lock()
	defer own.door.Unlock()
	mine, err := claimShare(b.shares[:], &own.last)
	if err != nil {
		return 0, false, err
	}
	if mine == nil {
		return 0, false, ErrTooManyParties
	}
	if mine.round.Load() != round {
		mine.count.Store(0)
		mine.round.Store(round)
	}
	mine.count.Add(1)
	own.n++
	return round, false, nil
}

// arrived returns how many parties of the round have arrived. m is held.
func (b *Barrier) arrived(round uint32) (n uint64) {
	for i := range b.shares {
		if s := &b.shares[i]; s.round.Load() == round {
			n += uint64(min(max(s.count.Load(), 0), math.MaxInt32)) // another process may have written an invalid count
		}
	}
	return n
}

// finish ends the round. flag is 1 if the Barrier stays broken. The caller holds m, and wakes all
// waiters.
func (b *Barrier) finish(round uint32, broken bool, flag uint32) {
	bit := uint64(1) << (round % 64)
	if broken {
		b.broken.Or(bit)
	} else {
		b.broken.And(^bit)
	}
	b.round.Store((round+1)<<1 | flag) // release
}

// wasBroken reports whether a round that has ended was broken.
func (b *Barrier) wasBroken(round uint32) bool {
	broken := b.broken.Load()
	// If a later round with the same bit has begun meanwhile, the bit may be of that round.
	return broken>>(round%64)&1 != 0 || (b.round.Load()>>1-round)<<1>>1 >= 64
}

// breakIfDead breaks the Barrier if a party has died, and reports whether it did. m is held.
func (b *Barrier) breakIfDead() (found bool) {
	word := b.round.Load()
	reclaimShares(b.shares[:], func(s *share) {
		if word&1 == 0 && s.round.Load() == word>>1 && s.count.Load() > 0 {
			found = true
		}
	})
	if found {
		b.finish(word>>1, true, 1)
	}
	return found
}

// kind is called when the process gets its first waiting party.
func (b *Barrier) kind() crowdKind { return crowdKind{recheck: b.recheck} }

// recheck looks for parties whose process died.
func (b *Barrier) recheck() {
	if b.m.lockInside(limit{deadline: time.Now().Add(recheck)}) != nil {
		return
	}
	markDead(b.shares[:])
	found := b.breakIfDead()
	b.m.unlockInside()
	if found {
		wakeAll(&b.round)
	}
}

// giveUp breaks the Barrier for a party that gives up, unless its round has ended. It reports whether the Barrier is
// broken now.
func (b *Barrier) giveUp(round uint32) (is bool, err error) {
	if err := b.m.lockInside(limit{}); err != nil {
		return false, err
	}
	if is = b.round.Load() == round<<1; is {
		b.finish(round, true, 1)
	}
	b.m.unlockInside()
	wakeAll(&b.round)
	return is, nil
}

// reset ends the round, so that the Barrier is ready for the next one, or broken if flag is 1.
func (b *Barrier) reset(flag uint32) (err error) {
	b.local()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := b.m.lockInside(limit{}); err != nil {
		return err
	}
	if word := b.round.Load(); word&1 == 0 {
		b.finish(word>>1, true, flag)
	} else {
		b.round.Store(word&^1 | flag)
	}
	b.m.unlockInside()
	wakeAll(&b.round)
	return nil
}

// leave takes a party out of the process's share, and frees the share if the party was the last
// one.
func (b *Barrier) leave() {
	own := b.local()
	own.door.Lock()
	defer own.door.Unlock()
	if own.n--; own.n > 0 {
		return
	}
	mine := &b.shares[int(own.last.Load())%len(b.shares)]
	if id := mine.owner(); id != 0 {
		mine.count.Store(0)
		mine.owned.free(id)
	}
}

// Reset begins a new round, even if b is broken. The waits of the parties that have arrived return [ErrBroken]. Reset
// blocks only for the moment in which another goroutine changes b. It returns [ErrClosed] or [ErrTruncated] if the
// region is gone.
func (b *Barrier) Reset() error { return b.reset(0) }
