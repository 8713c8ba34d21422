// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// exploreBump explores a goroutine that locks, writes, bumps, and writes again, once or twice, beside others, each of which locks
// once, in its way. If all wait in the queue when Bump is called, and none can give up, all have had the lock when it returns.
func exploreBump(t *testing.T, newLock func() exclusive, bounds explore.Options, bumps int, others ...attempt) {
	t.Helper()
	bounds.Check(t, func(x *explore.Run) {
		l := newLock()
		b := l.(bumper)
		var count, had guarded
		locked := make([]bool, len(others))
		for i, a := range others {
			x.Go(func() {
				if locked[i] = a(x, l); locked[i] {
					count.add(1)
					had.add(1)
					l.Unlock()
				}
			})
		}
		l.Lock()
		count.add(1)
		for range bumps {
			before, waiting := had.n.Load(), l.Waiting()
			bumped := b.Bump()
			in := had.n.Load() - before
			x.Assert(bumped || in == 0, "Bump has let %d in, and reports false", in)
			if waiting == len(others)-before {
				x.Assert(in == waiting, "all %d wait, and %d were let in", waiting, in)
			}
			count.add(1)
		}
		l.Unlock()
		x.Wait()
		sum := 1 + bumps
		for _, ok := range locked {
			if ok {
				sum++
			}
		}
		x.Assert(count.n.Load() == sum, "%d have counted, want %d", count.n.Load(), sum)
		mustBeIdle(x, l, 0)
	})
}

// patient returns n parties that lock without a limit.
func patient(n int) (all []attempt) {
	for range n {
		all = append(all, lock)
	}
	return all
}

// exploreBumps explores what all mutexes have in common.
func exploreBumps(t *testing.T, newLock func() exclusive) {
	t.Run("one", func(t *testing.T) { exploreBump(t, newLock, complete, 1, patient(1)...) })
	t.Run("one, twice", func(t *testing.T) { exploreBump(t, newLock, complete, 2, patient(1)...) })
	t.Run("two", func(t *testing.T) { exploreBump(t, newLock, complete, 1, patient(2)...) })
	t.Run("two, twice", func(t *testing.T) { exploreBump(t, newLock, atMost(4), 2, patient(2)...) })
	t.Run("three", func(t *testing.T) { exploreBump(t, newLock, atMost(2), 1, patient(3)...) })
}

// TestExploreMutexBump shows mutual exclusion around Bump, that all waiters are let in, and that no wake-up is lost,
// also beside goroutines that give up, or come when the lock is free.
func TestExploreMutexBump(t *testing.T) {
	mutex := func() exclusive { return new(locks.Mutex) }
	exploreBumps(t, mutex)
	for name, o := range map[string]struct {
		bounds explore.Options
		others []attempt
	}{
		"TryLock":               {atMost(3), []attempt{lock, try}},
		"TryLockFor":            {complete, []attempt{tryFor}},
		"TryLockFor beside one": {atMost(2), []attempt{lock, tryFor}},
		"LockContext":           {atMost(2), []attempt{lock, lockContext}},
		"all":                   {atMost(1), []attempt{lock, try, tryFor}},
	} {
		t.Run(name, func(t *testing.T) {
			exploreBumpLoosely(t, mutex, o.bounds, o.others...)
		})
	}
	t.Run("hand-off", func(t *testing.T) { exploreBump(t, mutex, handingOff(atMost(2)), 2, patient(2)...) })
	t.Run("spinning", func(t *testing.T) { exploreBump(t, mutex, spinning(complete), 1, patient(1)...) })
	t.Run("spinning, two", func(t *testing.T) { exploreBump(t, mutex, spinning(atMost(1)), 1, patient(2)...) })
	t.Run("spinning, hand-off", func(t *testing.T) { exploreBump(t, mutex, spinning(handingOff(complete)), 2, patient(1)...) })
}

// TestExploreFairMutexBump is TestExploreMutexBump for a lock without barging.
func TestExploreFairMutexBump(t *testing.T) {
	fair := func() exclusive { return new(locks.FairMutex) }
	exploreBumps(t, fair)
	exploreBumpLoosely(t, fair, atMost(2), lock, tryFor)
	exploreBumpLoosely(t, fair, atMost(2), lock, lockContext)
	exploreBumpLoosely(t, fair, atMost(2), lock, try)
}

// exploreBumpLoosely is exploreBump with others that need not get the lock.
func exploreBumpLoosely(t *testing.T, newLock func() exclusive, bounds explore.Options, others ...attempt) {
	t.Helper()
	bounds.Check(t, func(x *explore.Run) {
		l := newLock()
		var count guarded
		locked := make([]int, len(others))
		for i, a := range others {
			x.Go(func() {
				if a(x, l) {
					locked[i] = 1
					count.add(1)
					l.Unlock()
				}
			})
		}
		l.Lock()
		count.add(1)
		before := count.n.Load()
		bumped := l.(bumper).Bump()
		in := count.n.Load() - before
		// A Mutex is unlocked for a waiter that an Unlock is about to wake, and that may give up before.
		_, fair := l.(*locks.FairMutex)
		x.Assert(bumped == (in > 0) || bumped && !fair, "Bump reports %t, and has let %d in", bumped, in)
		count.add(1)
		l.Unlock()
		x.Wait()
		sum := 2
		for _, n := range locked {
			sum += n
		}
		x.Assert(count.n.Load() == sum, "%d have counted, want %d", count.n.Load(), sum)
		mustBeIdle(x, l, 0)
	})
}

// Readers and writers exclude each other around Bump and RBump, and none sleeps forever.
func TestExploreRWMutexBump(t *testing.T) {
	exploreRWUses(t, explore.Options{},
		"bump read",
		"bump write",
		"bump readFor",
		"bump writeFor",
		"bump upgrade",
		"rBump write",
		"rBump writeFor",
		"rBump writeContext",
		"rBump upgrade",
		"rBump bump")
	exploreRWUses(t, explore.Options{Preemptions: 2},
		"bump read read",
		"bump read write",
		"bump write write",
		"bump read writeFor",
		"bump readFor write",
		"bump bump",
		"bump bump read",
		"rBump read write",
		"rBump rBump write",
		"rBump write write")
	exploreRWUses(t, explore.Options{Procs: 2, Preemptions: 2},
		"bump read",
		"bump write read",
		"rBump write")
}

// TestExploreRWMutexBumpLetsIn has readers, or writers, wait before Bump is called. All of them have had the lock when it returns.
func TestExploreRWMutexBumpLetsIn(t *testing.T) {
	for name, uses := range map[string][]string{
		"reader": {"read"}, "readers": {"read", "read"}, "writer": {"write"}, "both": {"read", "write"}, "upgrade": {"upgrade"},
	} {
		t.Run(name, func(t *testing.T) {
			exploreRWMutex(t, atMost(2), func(x *rwRun) {
				var through explore.Var[int]
				done := make(chan struct{}, len(uses))
				x.rw.Lock()
				for _, use := range uses {
					x.Go(func() { rwUses[use](x); done <- struct{}{} })
				}
				waiting := x.rw.Waiting()
				writers := x.n.Load()
				bumped := x.rw.Bump()
				x.Assert(bumped || waiting == 0, "%d wait, and Bump reports false", waiting)
				if waiting == len(uses) {
					// Each use has at least locked; a writer has written, which the last to leave shows.
					want := 0
					for _, use := range uses {
						if use != "read" {
							want++
						}
					}
					x.Assert(x.n.Load()-writers == want, "%d have written, want %d", x.n.Load()-writers, want)
					x.Assert(x.rw.Waiting() == 0, "somebody still waits")
				}
				through.Store(1)
				x.rw.Unlock()
				for range uses {
					<-done
				}
			})
		})
	}
}

// Readers in slots and writers exclude each other around Bump and RBump.
func TestExploreBiasedRWMutexBump(t *testing.T) {
	exploreBiasedUses(t, explore.Options{Preemptions: 2},
		"bump read",
		"bump write",
		"bump read write",
		"bump writeFor",
		"rBump write",
		"rBump writeFor",
		"rBump write read",
		"rBump bump")
}

// TestExploreRBumpLetsWriterIn calls RBump when a writer has arrived. It has written, or has not waited
// yet.
func TestExploreRBumpLetsWriterIn(t *testing.T) {
	t.Run("RWMutex", func(t *testing.T) {
		exploreRWMutex(t, complete, func(x *rwRun) {
			x.rw.RLock()
			x.Go(func() { rwUses["write"](x) })
			waits := x.rw.WriterWaiting()
			bumped := x.rw.RBump()
			wrote := x.n.Load()
			x.Assert(bumped || !waits, "a writer waits, and RBump reports false")
			x.Assert(wrote == 1 == bumped, "RBump reports %t, and %d have written", bumped, wrote)
			x.rw.RUnlock()
		})
	})
	t.Run("BiasedRWMutex", func(t *testing.T) {
		exploreBiased(t, complete, func(x *biasedRun) {
			token := x.rw.RLock()
			x.Go(func() { biasedUses["write"](x) })
			waits := x.rw.WriterWaiting()
			token, bumped := x.rw.RBump(token)
			wrote := x.n.Load()
			x.Assert(bumped || !waits, "a writer waits, and RBump reports false")
			x.Assert(wrote == 1 == bumped, "RBump reports %t, and %d have written", bumped, wrote)
			x.rw.RUnlock(token)
		})
	})
}
