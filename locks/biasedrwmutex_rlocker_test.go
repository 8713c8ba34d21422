// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// A byLocker is a BiasedRWMutex whose readers use its RLocker.
type byLocker struct{ rw locks.BiasedRWMutex }

func (b *byLocker) Lock()    { b.rw.Lock() }
func (b *byLocker) Unlock()  { b.rw.Unlock() }
func (b *byLocker) RLock()   { b.rw.RLocker().Lock() }
func (b *byLocker) RUnlock() { b.rw.RLocker().Unlock() }

func TestBiasedRLocker(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	locktest.RWMutex(t, func() locktest.RWLocker { return new(byLocker) }, locktest.Workers(pinned), locktest.Recoverable())
}

// TestBiasedRLockerOtherUnlocks has goroutines unlock what others have locked, in slots and in the RWMutex inside.
func TestBiasedRLockerOtherUnlocks(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.BiasedRWMutex
		l := rw.RLocker()
		tokens := make(chan struct{}, 3)
		n := locktest.Rounds(1000)
		for range 3 {
			c.Start(func() {
				for range c.Repeat(n) {
					l.Lock()
					tokens <- struct{}{}
				}
			})
			c.Start(func() {
				for range c.Repeat(n) {
					<-tokens
					l.Unlock()
				}
			})
		}
		c.Start(func() {
			for range c.Repeat(n / 10) {
				rw.Lock()
				rw.Unlock() //lint:ignore SA2001 it moves readers from the slots
			}
		})
		c.Join()
		c.Idle(&rw, 0)
		locktest.Panics(t, "Unlock of a lock that is not held", "locks: RUnlock of unlocked RWMutex", l.Unlock)
	})
}

// TestBiasedRLockerBesideTokens unlocks by RLocker what RLock has locked: that is a mistake, and is found.
func TestBiasedRLockerBesideTokens(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	var rw locks.BiasedRWMutex
	inner, slot := rw.RLock(), rw.RLock()
	if inner.Biased() || !slot.Biased() {
		t.Fatal("one reader is to be in the lock inside, and one in a slot")
	}
	l := rw.RLocker()
	locktest.Panics(t, "Unlock without a Lock", "locks: RUnlock of unlocked RWMutex", l.Unlock)
	l.Lock()
	rw.RUnlock(inner)
	rw.RUnlock(slot)
	if rw.TryLock() {
		t.Error("a writer is in beside a reader")
	}
	l.Unlock()
	if !rw.TryLock() {
		t.Error("the lock is not free in the end")
	}
}

// TestExploreBiasedRLocker has goroutines read by RLocker, beside each other and a writer, so that tokens change their places
// while others look for them.
func TestExploreBiasedRLocker(t *testing.T) {
	read := func(x *biasedRun) { l := x.rw.RLocker(); l.Lock(); x.n.Load(); l.Unlock() }
	for name, uses := range map[string][]func(x *biasedRun){
		"read":         {read},
		"two":          {read, read},
		"one twice":    {func(x *biasedRun) { read(x); read(x) }},
		"beside RLock": {read, func(x *biasedRun) { x.read(x.rw.RLock()) }},
	} {
		t.Run(name, func(t *testing.T) {
			exploreBiased(t, explore.Options{Preemptions: 2}, func(x *biasedRun) {
				for _, use := range uses {
					x.Go(func() { use(x) })
				}
				x.rw.Lock()
				x.write()
			})
		})
	}
	t.Run("another unlocks", func(t *testing.T) {
		exploreBiased(t, explore.Options{Preemptions: 3}, func(x *biasedRun) {
			l := x.rw.RLocker()
			for range 2 { // each of them may take the token of the other, or of a third place
				l.Lock()
				x.Go(l.Unlock)
			}
			x.Go(func() { l.Lock(); l.Unlock() }) //lint:ignore SA2001 its token comes and goes
			x.Wait()
			x.Assert(x.rw.TryLock(), "a token is left")
			x.rw.Unlock()
		})
	})
}

// TestExploreBiasedRLockerMissed has a token move while an Unlock looks for it, so that the Unlock misses it, perhaps more than
// once. It is found in the end.
func TestExploreBiasedRLockerMissed(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		defer locks.NeverInhibit()()
		var rw locks.BiasedRWMutex
		rw.RUnlock(rw.RLock()) // makes the slots
		rw.KeepToken(3)
		x.Go(func() {
			for _, to := range []int{1, 3, 1} {
				rw.KeepToken(to)
				x.Assert(rw.TakeToken(4-to) || rw.TakeToken(to), "both tokens are gone")
			}
		})
		rw.TakeAnyToken()
		x.Wait()
	})
}
