// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// A biasedRun is an execution with a BiasedRWMutex and a number that it protects.
type biasedRun struct {
	*explore.Run
	rw locks.BiasedRWMutex
	n  explore.Var[int] // how often it was written
}

// exploreBiased explores f, once with a BiasedRWMutex whose readers are in slots, and once with one that was never used.
// A bias that was revoked comes back with the next reader. Goroutines that are started one after the other have different
// slots; the third has that of the first.
func exploreBiased(t *testing.T, o explore.Options, f func(x *biasedRun)) {
	t.Helper()
	o.Complete = o.Mode == explore.Exhaustive
	for _, used := range []bool{true, false} {
		t.Run(map[bool]string{true: "biased", false: "new"}[used], func(t *testing.T) {
			o.Check(t, func(run *explore.Run) {
				defer locks.NeverInhibit()()
				x := &biasedRun{Run: run}
				if used {
					x.read(x.rw.RLock())
				}
				f(x)
				x.Wait()
				mustBeIdle(run, &x.rw, 0)
			})
		})
	}
}

// biasedUses are what a goroutine does with a BiasedRWMutex: it locks, reads or writes, and unlocks. A use returns how
// often it has written.
var biasedUses = map[string]func(x *biasedRun) int{
	"read":      func(x *biasedRun) int { return x.read(x.rw.RLock()) },
	"readTwice": func(x *biasedRun) int { return x.read(x.rw.RLock()) + x.read(x.rw.RLock()) },
	"tryRead":   func(x *biasedRun) int { return x.readIf(x.rw.TryRLock()) },
	"readFor":   func(x *biasedRun) int { return x.readIf(x.rw.TryRLockFor(time.Second)) },
	"readContext": func(x *biasedRun) int {
		token, err := x.rw.RLockContext(soon(x.Run))
		return x.readIf(token, err == nil)
	},
	"write":        func(x *biasedRun) int { x.rw.Lock(); return x.write() },
	"writeTwice":   func(x *biasedRun) int { x.rw.Lock(); x.write(); x.rw.Lock(); return 1 + x.write() },
	"tryWrite":     func(x *biasedRun) int { return x.writeIf(x.rw.TryLock()) },
	"writeFor":     func(x *biasedRun) int { return x.writeIf(x.rw.TryLockFor(time.Second)) },
	"writeContext": func(x *biasedRun) int { return x.writeIf(x.rw.LockContext(soon(x.Run)) == nil) },
	"bump": func(x *biasedRun) int {
		x.rw.Lock()
		x.n.Store(x.n.Load() + 1)
		x.rw.Bump()
		return 1 + x.write()
	},
	"rBump": func(x *biasedRun) int {
		token := x.rw.RLock()
		before := x.n.Load()
		token, bumped := x.rw.RBump(token)
		if !bumped {
			x.Assert(x.n.Load() == before, "RBump reports false, and a writer was in")
		}
		return x.read(token)
	},
}

// read reads, and undoes an RLock.
func (x *biasedRun) read(token locks.ReadToken) int {
	x.n.Load()
	x.rw.RUnlock(token)
	return 0
}

func (x *biasedRun) readIf(token locks.ReadToken, locked bool) int {
	if locked {
		x.read(token)
	}
	return 0
}

// write writes, and undoes a Lock.
func (x *biasedRun) write() int {
	x.n.Store(x.n.Load() + 1)
	x.rw.Unlock()
	return 1
}

func (x *biasedRun) writeIf(locked bool) int {
	if locked {
		return x.write()
	}
	return 0
}

// exploreBiasedUses explores goroutines that do what the words of a scenario say: see biasedUses.
func exploreBiasedUses(t *testing.T, o explore.Options, scenarios ...string) {
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			uses := strings.Fields(scenario)
			exploreBiased(t, o, func(x *biasedRun) {
				wrote := make([]int, len(uses))
				for i, use := range uses {
					x.Go(func() { wrote[i] = biasedUses[use](x) })
				}
				x.Wait()
				sum := 0
				for _, n := range wrote {
					sum += n
				}
				x.Assert(x.n.Load() == sum, "%d writes, and the number is %d", sum, x.n.Load())
			})
		})
	}
}

// Readers in slots, readers without and writers exclude each other, while the bias is revoked and comes back. None
// sleeps forever.
func TestExploreBiasedRWMutex(t *testing.T) {
	exploreBiasedUses(t, explore.Options{},
		"write readTwice",
		"writeTwice read",
		"tryWrite tryWrite read",
		"tryRead writeTwice")
}

// A call that gives up, by a limit or a context, at any moment, leaves nothing behind, and the others
// proceed.
func TestExploreBiasedRWMutexLimits(t *testing.T) {
	exploreBiasedUses(t, explore.Options{},
		"writeFor read",
		"writeFor readFor",
		"writeTwice readFor",
		"writeContext read",
		"writeTwice readContext",
		"writeContext readContext")
}

// A writer spins before it sleeps until a slot is empty, with two processors.
func TestExploreBiasedRWMutexSpinning(t *testing.T) {
	exploreBiasedUses(t, explore.Options{Procs: 2},
		"write read",
		"writeFor read")
}

// With d <= 0, TryLockFor keeps no reader out.
func TestExploreBiasedRWMutexNoDuration(t *testing.T) {
	for _, d := range []time.Duration{0, -1} {
		exploreBiased(t, complete, func(x *biasedRun) {
			inside := x.rw.RLock()
			x.Go(func() { x.Assert(!x.rw.TryLockFor(d), "a writer is in beside a reader") })
			token, ok := x.rw.TryRLock()
			x.Assert(ok, "a writer that does not wait has kept a reader out")
			x.Wait()
			x.rw.RUnlock(token)
			x.rw.RUnlock(inside)
		})
	}
}

// More goroutines, in random orders.
func TestExploreBiasedRWMutexRandom(t *testing.T) {
	exploreBiasedUses(t, explore.Options{Mode: explore.PCT, Executions: 10_000, Seed: 1},
		"write read read",
		"read write read",
		"write read write read",
		"read writeFor read readFor",
		"read writeFor readTwice",
		"read tryWrite writeContext readTwice")
}

// An unlock of an unlocked lock panics, and disturbs no concurrent call.
func TestExploreBiasedRWMutexMisuse(t *testing.T) {
	for name, wrong := range map[string]func(x *biasedRun, used locks.ReadToken){
		"RUnlock twice": func(x *biasedRun, used locks.ReadToken) { x.rw.RUnlock(used) },
		"RUnlock of another": func(x *biasedRun, _ locks.ReadToken) {
			var other locks.BiasedRWMutex
			other.RUnlock(other.RLock())
			x.rw.RUnlock(other.RLock())
		},
	} {
		t.Run(name, func(t *testing.T) {
			exploreBiased(t, complete, func(x *biasedRun) {
				token := x.rw.RLock()
				x.read(token)
				x.Go(func() { mustPanic(x.Run, func() { wrong(x, token) }) })
				x.Go(func() { biasedUses["write"](x) })
				x.Go(func() { biasedUses["tryWrite"](x) })
			})
		})
	}
	t.Run("Unlock", func(t *testing.T) {
		exploreBiased(t, complete, func(x *biasedRun) {
			x.Go(func() { mustPanic(x.Run, x.rw.Unlock) })
			x.Go(func() { biasedUses["read"](x) })
			x.Go(func() { biasedUses["tryRead"](x) })
		})
	})
}

// TestExploreBiasedRWMutexOneSlot has two readers come to one slot, beside a writer. The slot counts to 0 in the end.
func TestExploreBiasedRWMutexOneSlot(t *testing.T) {
	complete.Check(t, func(run *explore.Run) {
		defer locks.NeverInhibit()()
		x := &biasedRun{Run: run}
		slot := x.rw.RLock()
		x.read(slot)
		slot = x.rw.RLock() // now in a slot
		x.read(slot)
		for range 2 {
			x.Go(func() {
				if token, ok := x.rw.LateRLock(slot); ok {
					x.read(token)
				}
			})
		}
		biasedUses["write"](x)
		x.Wait()
		mustBeIdle(run, &x.rw, 0)
	})
}

// TestExploreBiasedRWMutexLateReader unlocks a slot that has no reader, while one comes. If the mistake is found, the reader
// still has the lock.
func TestExploreBiasedRWMutexLateReader(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		defer locks.NeverInhibit()()
		var rw locks.BiasedRWMutex
		rw.RUnlock(rw.RLock())
		slot := rw.RLock()
		rw.RUnlock(slot)
		x.Go(func() { rw.LateRLock(slot) })
		found := func() (found bool) {
			defer func() { found = recover() != nil }()
			rw.RUnlock(slot)
			return
		}()
		x.Wait()
		if found {
			rw.RUnlock(slot)
			mustBeIdle(x, &rw, 0)
		}
	})
}

// TestExploreBiasedRWMutexSleeps locks for writing while the same goroutine reads. The writer ends asleep: a deadlock, and
// no endless loop, whether it spins before or not.
func TestExploreBiasedRWMutexSleeps(t *testing.T) {
	for _, procs := range []int{1, 2} {
		found := explore.Options{Procs: procs, Spins: 100}.Find(t, func(x *explore.Run) {
			defer locks.NeverInhibit()()
			var rw locks.BiasedRWMutex
			rw.RUnlock(rw.RLock()) // the next one reads in a slot
			rw.RLock()
			rw.Lock()
		})
		if found == nil || found.Kind != "deadlock" {
			t.Errorf("on %d processors: found %v, want a deadlock", procs, found)
		}
	}
}
