// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// An rwRun is an execution with an RWMutex and a number that it protects.
type rwRun struct {
	*explore.Run
	rw locks.RWMutex
	n  explore.Var[int] // how often it was written
}

// exploreRWMutex explores f. At the end of each execution the RWMutex must be as one that was never used.
func exploreRWMutex(t *testing.T, o explore.Options, f func(x *rwRun)) {
	t.Helper()
	o.Check(t, func(run *explore.Run) {
		x := &rwRun{Run: run}
		f(x)
		x.Wait()
		mustBeIdle(run, &x.rw, 0)
	})
}

// exploreRWUses explores goroutines that do what the words of a scenario say: see rwUses.
func exploreRWUses(t *testing.T, o explore.Options, scenarios ...string) {
	o.Complete = o.Mode == explore.Exhaustive
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			uses := strings.Fields(scenario)
			exploreRWMutex(t, o, func(x *rwRun) {
				wrote := make([]int, len(uses))
				for i, use := range uses {
					x.Go(func() { wrote[i] = rwUses[use](x) })
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

// rwUses are what a goroutine does with an RWMutex: it locks, reads or writes, and unlocks. A use returns how often
// it has written.
var rwUses = map[string]func(x *rwRun) int{
	"read":         func(x *rwRun) int { x.rw.RLock(); return x.read() },
	"tryRead":      func(x *rwRun) int { return x.readIf(x.rw.TryRLock()) },
	"readFor":      func(x *rwRun) int { return x.readIf(x.rw.TryRLockFor(time.Second)) },
	"readContext":  func(x *rwRun) int { return x.readIf(x.rw.RLockContext(soon(x.Run)) == nil) },
	"readTwice":    func(x *rwRun) int { x.rw.RLock(); x.read(); x.rw.RLock(); return x.read() },
	"write":        func(x *rwRun) int { x.rw.Lock(); return x.write() },
	"tryWrite":     func(x *rwRun) int { return x.writeIf(x.rw.TryLock()) },
	"writeFor":     func(x *rwRun) int { return x.writeIf(x.rw.TryLockFor(time.Second)) },
	"writeContext": func(x *rwRun) int { return x.writeIf(x.rw.LockContext(soon(x.Run)) == nil) },
	"writeTwice":   func(x *rwRun) int { x.rw.Lock(); x.write(); x.rw.Lock(); return 1 + x.write() },
	"bump": func(x *rwRun) int {
		x.rw.Lock()
		x.n.Store(x.n.Load() + 1)
		x.rw.Bump()
		return 1 + x.write()
	},
	"rBump": func(x *rwRun) int {
		x.rw.RLock()
		before := x.n.Load()
		if !x.rw.RBump() {
			x.Assert(x.n.Load() == before, "RBump reports false, and a writer was in")
		}
		return x.read()
	},

	"upgrade":        func(x *rwRun) int { return x.upgrade(func() bool { x.rw.Upgrade(); return true }) },
	"tryUpgrade":     func(x *rwRun) int { return x.upgrade(x.rw.TryUpgrade) },
	"upgradeFor":     func(x *rwRun) int { return x.upgrade(func() bool { return x.rw.TryUpgradeFor(time.Second) }) },
	"upgradeContext": func(x *rwRun) int { return x.upgrade(func() bool { return x.rw.UpgradeContext(soon(x.Run)) == nil }) },

	"writeDowngrade": func(x *rwRun) int {
		x.rw.Lock()
		return x.downgrade(x.rw.Downgrade, x.rw.RUnlock)
	},
	"writeDowngradeToUpgradable": func(x *rwRun) int {
		x.rw.Lock()
		return x.downgrade(x.rw.DowngradeToUpgradable, x.rw.UpgradableUnlock)
	},
	"tryUpgradable":     func(x *rwRun) int { return x.upgradableIf(x.rw.TryUpgradableLock()) },
	"upgradableFor":     func(x *rwRun) int { return x.upgradableIf(x.rw.TryUpgradableLockFor(time.Second)) },
	"upgradableContext": func(x *rwRun) int { return x.upgradableIf(x.rw.UpgradableLockContext(soon(x.Run)) == nil) },

	"upgradeTwice": func(x *rwRun) int {
		x.rw.UpgradableLock()
		x.rw.Upgrade()
		return x.downgrade(x.rw.DowngradeToUpgradable, func() { x.rw.Upgrade(); x.write() }) + 1
	},
	"downgradeUpgradable": func(x *rwRun) int {
		x.rw.UpgradableLock()
		before := x.n.Load()
		x.rw.DowngradeUpgradable()
		x.Assert(x.n.Load() == before, "a writer came while a reader held the lock")
		return x.read()
	},
}

// read reads, and undoes an RLock.
func (x *rwRun) read() int {
	x.n.Load()
	x.rw.RUnlock()
	return 0
}

func (x *rwRun) readIf(locked bool) int {
	if locked {
		x.read()
	}
	return 0
}

// write writes, and undoes a Lock.
func (x *rwRun) write() int {
	x.n.Store(x.n.Load() + 1)
	x.rw.Unlock()
	return 1
}

func (x *rwRun) writeIf(locked bool) int {
	if locked {
		return x.write()
	}
	return 0
}

// upgrade locks in upgradable mode, and writes if upgrade, a form of Upgrade, succeeds. No other goroutine writes between.
func (x *rwRun) upgrade(upgrade func() bool) int {
	x.rw.UpgradableLock()
	before := x.n.Load()
	upgraded := upgrade()
	x.Assert(x.n.Load() == before, "a writer came between UpgradableLock and Upgrade, which reports %t", upgraded)
	if upgraded {
		return x.write()
	}
	x.rw.UpgradableUnlock()
	return 0
}

// upgradableIf reads, and undoes an UpgradableLock.
func (x *rwRun) upgradableIf(locked bool) int {
	if locked {
		x.n.Load()
		x.rw.UpgradableUnlock()
	}
	return 0
}

// downgrade writes, calls a form of Downgrade, and unlocks. No other goroutine writes between.
func (x *rwRun) downgrade(downgrade, unlock func()) int {
	wrote := x.n.Load() + 1
	x.n.Store(wrote)
	downgrade()
	x.Assert(x.n.Load() == wrote, "a writer came after a Downgrade")
	unlock()
	return 1
}

// Readers and writers exclude each other, and none sleeps forever.
func TestExploreRWMutex(t *testing.T) {
	exploreRWUses(t, explore.Options{},
		"write read read",
		"writeTwice write read",
		"writeTwice readTwice",
		"write tryWrite read",
		"write tryRead read",
		"writeTwice tryWrite tryRead")
}

// A call that gives up, by a limit or a context, at any moment, leaves nothing behind, and the others
// proceed.
func TestExploreRWMutexLimits(t *testing.T) {
	exploreRWUses(t, explore.Options{},
		"writeFor read read",
		"write readFor read",
		"writeFor readFor",
		"writeFor writeFor",
		"writeContext read write",
		"readContext write write",
		"readContext read write",
		"writeContext readContext")
}

// One goroutine reads and then writes without a writer between, whoever reads, writes or does the same beside it.
func TestExploreRWMutexUpgrade(t *testing.T) {
	exploreRWUses(t, explore.Options{},
		"upgrade read read",
		"upgrade upgrade read",
		"upgrade write read",
		"upgradeFor read write",
		"upgradeFor upgrade read",
		"upgradeContext read write",
		"tryUpgradable read",
		"upgradableFor read",
		"upgradableContext read",
		"tryUpgrade read read",
		"tryUpgrade read write",
		"upgradeTwice read write")
}

// One goroutine writes and then reads without a writer between.
func TestExploreRWMutexDowngrade(t *testing.T) {
	exploreRWUses(t, explore.Options{},
		"writeDowngrade read write",
		"writeDowngradeToUpgradable read write",
		"downgradeUpgradable read write",
		"downgradeUpgradable write write",
		"downgradeUpgradable upgrade read")
}

// Goroutines spin before they sleep, with two processors. A reader that spins while a writer holds the lock is counted already.
func TestExploreRWMutexSpinning(t *testing.T) {
	t.Run("any time", func(t *testing.T) {
		exploreRWUses(t, explore.Options{Procs: 2, Spins: rwSpins},
			"writeTwice read",
			"write write read",
			"writeTwice readFor",
			"writeTwice readContext",
			"upgrade write read",
			"upgradeFor read")
	})
	t.Run("until a change", func(t *testing.T) {
		exploreRWUses(t, explore.Options{Procs: 2},
			"write read read",
			"writeTwice readTwice",
			"writeFor read read",
			"upgrade read read",
			"writeDowngrade read write",
			"writeDowngrade read read")
	})
}

// rwSpins is more than how often a goroutine tries before it sleeps.
const rwSpins = 17

// More goroutines, in random orders.
func TestExploreRWMutexRandom(t *testing.T) {
	for _, procs := range []int{1, 2} {
		exploreRWUses(t, explore.Options{Mode: explore.PCT, Executions: 10_000, Seed: 1, Procs: procs, Spins: rwSpins},
			"write write read read",
			"writeFor writeFor readFor read",
			"writeContext upgradeContext readFor read",
			"upgradeFor read read write",
			"writeDowngrade readFor readFor write",
			"write read read read read writeTwice")
	}
}

// A reader that comes while a writer waits comes after it.
func TestExploreRWMutexWriterFirst(t *testing.T) {
	for _, procs := range []int{1, 2} {
		exploreRWMutex(t, explore.Options{Complete: true, Procs: procs}, func(x *rwRun) {
			x.rw.RLock()
			x.Go(func() { rwUses["write"](x) })
			x.Go(func() {
				if !x.rw.TryRLock() { // since a writer waits, or holds
					x.rw.RLock()
					x.Assert(x.n.Load() == 1, "a reader has overtaken a writer")
				}
				x.read()
			})
			x.rw.RUnlock()
		})
	}
}

// A reader that waits for the writer that holds the lock comes before the next writer.
func TestExploreRWMutexReadersTurn(t *testing.T) {
	for _, procs := range []int{1, 2} {
		exploreRWMutex(t, explore.Options{Complete: true, Procs: procs, Spins: 1}, func(x *rwRun) {
			x.rw.Lock()
			x.Go(func() {
				x.rw.RLock()
				x.Assert(x.n.Load() == 0, "a second writer has overtaken a reader")
				x.rw.RUnlock()
			})
			x.Go(func() { rwUses["write"](x) })
			for !x.rw.ReadersParked() { // until then a second writer may overtake it
				runtime.Gosched()
			}
			x.rw.Unlock()
		})
	}
}

// With d <= 0, a form of TryLock keeps no reader out, and queues no reader.
func TestExploreRWMutexNoDuration(t *testing.T) {
	for _, d := range []time.Duration{0, -1} {
		for _, upgrades := range []bool{false, true} {
			t.Run(map[bool]string{false: "TryLockFor", true: "TryUpgradeFor"}[upgrades], func(t *testing.T) {
				exploreRWMutex(t, complete, func(x *rwRun) {
					x.rw.RLock()
					try := x.rw.TryLockFor
					if upgrades {
						x.rw.UpgradableLock()
						defer x.rw.UpgradableUnlock()
						try = x.rw.TryUpgradeFor
					}
					x.Go(func() { x.Assert(!try(d), "a writer is in beside a reader") })
					x.Assert(x.rw.TryRLock(), "a writer that does not wait has kept a reader out")
					x.Wait()
					x.rw.RUnlock()
					x.rw.RUnlock()
				})
			})
		}
		t.Run("TryRLockFor", func(t *testing.T) {
			exploreRWMutex(t, complete, func(x *rwRun) {
				x.rw.Lock()
				x.Go(func() { x.Assert(!x.rw.TryRLockFor(d), "a reader is in beside a writer") })
				x.Assert(!x.rw.ReadersParked(), "a reader that does not wait is in the queue")
				x.Wait()
				x.rw.Unlock()
			})
		})
	}
}

// Of two goroutines that unlock the same lock one panics, while a reader waits, or gives up.
func TestExploreRWMutexUnlockTwice(t *testing.T) {
	unlock := func(x *rwRun, unlock, after func()) (panics int) {
		defer func() {
			if p, _ := recover().(string); p != "" {
				x.Assert(strings.Contains(p, "of unlocked RWMutex"), "the panic is %q", p)
				panics = 1
			}
		}()
		unlock()
		after()
		return 0
	}
	for _, read := range []string{"read", "readFor"} {
		exploreRWMutex(t, complete, func(x *rwRun) {
			x.rw.Lock()
			x.Go(func() { rwUses[read](x) })
			var panics [2]int
			x.Go(func() { panics[0] = unlock(x, x.rw.Unlock, func() {}) })
			x.Go(func() { panics[1] = unlock(x, x.rw.Downgrade, x.rw.RUnlock) })
			x.Wait()
			x.Assert(panics[0]+panics[1] == 1, "%d of two have panicked", panics[0]+panics[1])
		})
	}
}

// When a writer gives up, the readers that it has blocked proceed, though others still read.
func TestExploreRWMutexWriterGivesUp(t *testing.T) {
	exploreRWMutex(t, complete, func(x *rwRun) {
		var beside sync.WaitGroup
		beside.Add(1)
		x.rw.RLock()
		x.Go(func() { rwUses["writeContext"](x) }) // gives up, if no reader could go on
		x.Go(func() {
			x.rw.RLock()
			beside.Done()
			x.rw.RUnlock()
		})
		beside.Wait()
		x.rw.RUnlock()
	})
}

// An unlock of an unlocked lock panics, and disturbs no concurrent call.
func TestExploreRWMutexMisuse(t *testing.T) {
	for name, wrong := range map[string]func(rw *locks.RWMutex){
		"Unlock":                (*locks.RWMutex).Unlock,
		"Downgrade":             (*locks.RWMutex).Downgrade,
		"DowngradeToUpgradable": (*locks.RWMutex).DowngradeToUpgradable,
	} {
		t.Run(name, func(t *testing.T) {
			exploreRWMutex(t, complete, func(x *rwRun) {
				x.Go(func() { mustPanic(x.Run, func() { wrong(&x.rw) }) })
				x.Go(func() { rwUses["read"](x) })
				x.Go(func() { rwUses["downgradeUpgradable"](x) })
			})
		})
	}
	for name, wrong := range map[string]func(rw *locks.RWMutex){
		"RUnlock":             (*locks.RWMutex).RUnlock,
		"UpgradableUnlock":    (*locks.RWMutex).UpgradableUnlock,
		"Upgrade":             (*locks.RWMutex).Upgrade,
		"TryUpgrade":          func(rw *locks.RWMutex) { rw.TryUpgrade() },
		"DowngradeUpgradable": (*locks.RWMutex).DowngradeUpgradable,
	} {
		t.Run(name, func(t *testing.T) {
			exploreRWMutex(t, complete, func(x *rwRun) {
				x.Go(func() { mustPanic(x.Run, func() { wrong(&x.rw) }) })
				x.Go(func() { rwUses["writeTwice"](x) })
				x.Go(func() { rwUses["tryWrite"](x) })
			})
		})
	}
}
