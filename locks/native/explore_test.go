// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/native"
)

// The tests TestExplore… run every interleaving of a few threads over a model of the futex calls of Linux, under the
// command explore. Under plain go test they are stress tests over the calls of the system. What a lock protects is an
// explore.Var in them, so that a second holder, and an order that the lock should make and does not, is a data race.
// A wake-up that is lost is a deadlock.

// complete explores every interleaving. None of the tests takes more than a few seconds alone; on a busy machine it may
// take ten times as long.
var complete = explore.Options{Complete: true, Time: 2 * time.Minute}

// atMost explores every interleaving with at most n preemptions.
func atMost(n int) explore.Options { o := complete; o.Preemptions = n; return o }

// spurious lets a sleep of each thread end spuriously.
func spurious(o explore.Options) explore.Options { o.Spurious = 1; return o }

// spinning lets threads spin before they sleep, and keep their processor while they sleep.
func spinning(o explore.Options) explore.Options { o.Procs, o.Spins = 2, 21; return o }

// moment is a limit that ends at any moment of an exploration.
func moment(x *explore.Run) time.Duration {
	if x.Exploring() {
		return time.Second
	}
	return 50 * time.Microsecond
}

// An exclusive is a lock as exploreLock sees it.
type exclusive interface {
	Lock()
	TryLock() bool
	TryLockFor(time.Duration) bool
	Unlock()
	Idle() bool
}

// An attempt is a way to lock l. It reports whether it succeeded.
type attempt func(x *explore.Run, l exclusive) bool

func lock(_ *explore.Run, l exclusive) bool   { l.Lock(); return true }
func try(_ *explore.Run, l exclusive) bool    { return l.TryLock() }
func tryFor(x *explore.Run, l exclusive) bool { return l.TryLockFor(moment(x)) }

// patient waits as TryLockFor does, but without a limit.
func patient(_ *explore.Run, l exclusive) bool {
	return l.(*native.SystemMutex).WaitUntil(l.TryLock, time.Time{})
}

// A contest is what each of some threads does, one attempt after the other. One that has locked the lock counts, and
// unlocks it.
type contest struct {
	name    string
	bounds  explore.Options
	parties [][]attempt
}

// exploreLock explores contests for a lock.
func exploreLock(t *testing.T, newLock func() exclusive, contests []contest) {
	for _, c := range contests {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				l := newLock()
				var n explore.Var[int]
				got := make([]int, len(c.parties))
				for i, attempts := range c.parties {
					x.Go(func() {
						for _, a := range attempts {
							if a(x, l) {
								got[i]++
								n.Store(n.Load() + 1)
								l.Unlock()
							}
						}
					})
				}
				x.Wait()
				sum := 0
				for _, n := range got {
					sum += n
				}
				x.Assert(n.Load() == sum, "%d have counted, and %d have locked", n.Load(), sum)
				x.Assert(l.Idle(), "the lock is not idle at the end")
			})
		})
	}
}

// TestExploreMutex shows mutual exclusion, that no wake-up is lost, and that nothing is left behind.
func TestExploreMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return new(native.Mutex) }, []contest{
		{"Lock", complete, [][]attempt{{lock, lock}, {lock, lock}}},
		{"Lock, three", complete, [][]attempt{{lock}, {lock}, {lock}}},
		{"Lock, three, twice", atMost(3), [][]attempt{{lock, lock}, {lock, lock}, {lock}}},
		{"Lock, four", atMost(2), [][]attempt{{lock}, {lock}, {lock}, {lock}}},
		{"TryLock", complete, [][]attempt{{lock}, {lock}, {try}}},
		{"TryLockFor", complete, [][]attempt{{lock, lock}, {tryFor, tryFor}}},
		{"TryLockFor, three", complete, [][]attempt{{lock}, {lock}, {tryFor}}},
		{"TryLockFor, two of three", atMost(3), [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"spurious wake-ups", spurious(complete), [][]attempt{{lock, lock}, {lock}}},
		{"spurious wake-ups, TryLockFor", spurious(complete), [][]attempt{{lock, lock}, {tryFor}}},
		{"spurious wake-ups, three", spurious(atMost(1)), [][]attempt{{lock}, {lock}, {tryFor}}},
		{"spinning", spinning(complete), [][]attempt{{lock, lock}, {lock}}},
		{"spinning, TryLockFor", spinning(complete), [][]attempt{{lock, lock}, {tryFor}}},
	})
}

// TestExploreSystemMutex shows the same of the part of a Mutex that adds limits to the lock of the system.
func TestExploreSystemMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return new(native.SystemMutex) }, []contest{
		{"TryLockFor", complete, [][]attempt{{lock, lock}, {tryFor, tryFor}}},
		{"TryLockFor of both", complete, [][]attempt{{tryFor, tryFor}, {tryFor}}},
		{"TryLockFor, three", atMost(2), [][]attempt{{lock}, {lock}, {tryFor}}},
		{"TryLockFor, two of three", atMost(2), [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"TryLock", complete, [][]attempt{{lock}, {try}, {tryFor}}},
		{"spurious wake-ups", spurious(complete), [][]attempt{{lock, lock}, {tryFor}}},
		{"patience", complete, [][]attempt{{lock, lock}, {patient, patient}}},
		{"patience of three", atMost(3), [][]attempt{{lock}, {patient}, {patient}}},
		{"patience beside a limit", atMost(3), [][]attempt{{lock}, {patient}, {tryFor}}},
		{"patience and late releases", atMost(4), [][]attempt{{lock}, {lock}, {lock}, {patient}}},
	})
}

// reading is an RWMutex that is locked for reading.
type reading struct{ *native.RWMutex }

func (r reading) Lock()                           { r.RLock() }
func (r reading) TryLock() bool                   { return r.TryRLock() }
func (r reading) TryLockFor(d time.Duration) bool { return r.TryRLockFor(d) }
func (r reading) Unlock()                         { r.RUnlock() }

// TestExploreAlone shows that each call locks a free lock, and that those with a limit do not lock one that is held.
func TestExploreAlone(t *testing.T) {
	for name, newLock := range map[string]func() (l, other exclusive){
		"Mutex":       func() (l, other exclusive) { m := new(native.Mutex); return m, m },
		"SystemMutex": func() (l, other exclusive) { m := new(native.SystemMutex); return m, m },
		"RWMutex":     func() (l, other exclusive) { rw := new(native.RWMutex); return rw, reading{rw} },
		"reading":     func() (l, other exclusive) { rw := new(native.RWMutex); return reading{rw}, rw },
	} {
		for how, a := range map[string]attempt{"Lock": lock, "TryLock": try, "TryLockFor": tryFor} {
			t.Run(name+"/"+how, func(t *testing.T) {
				complete.Check(t, func(x *explore.Run) {
					l, other := newLock()
					x.Assert(a(x, l), "a free lock has not been locked")
					x.Go(func() { x.Assert(!try(x, other) && !tryFor(x, other), "a lock that is held has been locked") })
					x.Wait()
					l.Unlock()
					x.Assert(l.Idle(), "the lock is not idle at the end")
				})
			})
		}
	}
}

// TestExploreForeignUnlock shows that Unlock by a thread that does not hold the Mutex panics, and changes nothing, whatever
// the others do.
func TestExploreForeignUnlock(t *testing.T) {
	for name, attempts := range map[string][][]attempt{
		"one": {{lock, lock}}, "two": {{lock}, {lock}}, "a limit": {{lock}, {tryFor}},
	} {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				m := new(native.Mutex)
				var n explore.Var[int]
				x.Go(func() {
					p := panicking(m.Unlock)
					x.Assert(p == unlocked || p == foreign, "Unlock has panicked with %v", p)
				})
				for _, attempts := range attempts {
					x.Go(func() {
						for _, a := range attempts {
							if a(x, m) {
								n.Store(n.Load() + 1)
								m.Unlock()
							}
						}
					})
				}
				x.Wait()
				x.Assert(m.Idle(), "the lock is not idle at the end")
			})
		})
	}
}

// waitFor calls WaitFor, which must not report its limit before it is reached.
func waitFor(x *explore.Run, c *native.Cond) bool {
	limit := time.Now().Add(moment(x))
	woken := c.WaitFor(moment(x))
	x.Assert(woken || !time.Now().Before(limit), "WaitFor has given up before its limit")
	return woken
}

// TestExploreCondSignal shows that each Signal ends the wait of a thread that can use what it announces, and that a
// wait that gives up consumes none: one item goes through the hands of all waiters without a limit.
func TestExploreCondSignal(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds explore.Options
		limits []bool // of each thread
		apart  bool   // Signal is called without the lock
	}{
		{"two", atMost(3), []bool{false, false}, false},
		{"two, without the lock", atMost(3), []bool{false, false}, true},
		{"three", atMost(1), []bool{false, false, false}, false},
		{"a limit", atMost(2), []bool{false, true}, false},
		{"a limit, without the lock", atMost(2), []bool{false, true}, true},
		{"a limit of three", atMost(1), []bool{false, false, true}, true},
		{"spurious wake-ups", spurious(atMost(1)), []bool{false, false}, true},
		{"spurious wake-ups, a limit", spurious(complete), []bool{true}, true},
		{"spinning", spinning(atMost(1)), []bool{true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				cond := native.NewCond(new(native.Mutex))
				var items explore.Var[int]
				put := func() {
					cond.L.Lock()
					items.Store(items.Load() + 1)
					if !c.apart {
						cond.Signal()
					}
					cond.L.Unlock()
					if c.apart {
						cond.Signal()
					}
				}
				for _, limited := range c.limits {
					x.Go(func() {
						cond.L.Lock()
						ok := true
						for items.Load() == 0 && ok {
							if limited {
								ok = waitFor(x, cond)
							} else {
								cond.Wait()
							}
						}
						took := items.Load() > 0
						if took {
							items.Store(items.Load() - 1)
						}
						cond.L.Unlock()
						if took {
							put()
						}
					})
				}
				x.Go(put)
				x.Wait()
				x.Assert(items.Load() == 1, "%d items at the end", items.Load())
				x.Assert(cond.L.Idle() && cond.Waiters() == 0, "the Mutex or the Cond is not idle at the end")
			})
		})
	}
}

// TestExploreCondBroadcast shows that a Broadcast ends all waits, though it lets the threads wait for the Mutex.
func TestExploreCondBroadcast(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds explore.Options
		limits []bool // of each thread
		casts  int
		apart  bool // Broadcast is called without the lock
	}{
		{"two", atMost(3), []bool{false, false}, 1, false},
		{"two, without the lock", atMost(3), []bool{false, false}, 1, true},
		{"three", atMost(2), []bool{false, false, false}, 1, false},
		{"a limit", atMost(2), []bool{false, true}, 1, false},
		{"a limit, without the lock", atMost(2), []bool{false, true}, 1, true},
		{"a limit of three", atMost(1), []bool{false, false, true}, 1, false},
		{"two casts", atMost(2), []bool{false, false}, 2, true},
		{"spurious wake-ups", spurious(complete), []bool{false}, 1, false},
		{"spinning", spinning(atMost(1)), []bool{false}, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				cond := native.NewCond(new(native.Mutex))
				var open explore.Var[bool]
				for _, limited := range c.limits {
					x.Go(func() {
						cond.L.Lock()
						for ok := true; !open.Load() && ok; {
							if limited {
								ok = waitFor(x, cond)
							} else {
								cond.Wait()
							}
						}
						cond.L.Unlock()
					})
				}
				for range c.casts {
					x.Go(func() {
						cond.L.Lock()
						open.Store(true)
						if !c.apart {
							cond.Broadcast()
						}
						cond.L.Unlock()
						if c.apart {
							cond.Broadcast()
						}
					})
				}
				x.Wait()
				x.Assert(cond.L.Idle() && cond.Waiters() == 0, "the Mutex or the Cond is not idle at the end")
			})
		})
	}
}

// TestExploreCondBroadcastLimit shows that a limit that comes after a Broadcast does not end the wait, though the thread
// may still wait for the Mutex then.
func TestExploreCondBroadcastLimit(t *testing.T) {
	atMost(2).Check(t, func(x *explore.Run) {
		cond := native.NewCond(new(native.Mutex))
		var open, waits, woken explore.Var[bool]
		var limit, at time.Time
		x.Go(func() {
			cond.L.Lock()
			for !open.Load() {
				cond.Wait()
			}
			cond.L.Unlock()
		})
		x.Go(func() {
			cond.L.Lock()
			waits.Store(!open.Load())
			limit = time.Now().Add(moment(x))
			woken.Store(cond.WaitFor(moment(x)))
			cond.L.Unlock()
		})
		x.Go(func() {
			cond.L.Lock()
			open.Store(true)
			cond.Broadcast()
			at = time.Now()
			cond.L.Unlock()
		})
		x.Wait()
		x.Assert(!waits.Load() || !at.Before(limit) || woken.Load(), "WaitFor has given up, but the Broadcast came before its limit")
	})
}

// TestExploreCondLate shows that no Signal is lost beside one, or a Broadcast, that began long before.
func TestExploreCondLate(t *testing.T) {
	for name, late := range map[string]func(*native.Cond){"Signal": (*native.Cond).Signal, "Broadcast": (*native.Cond).Broadcast} {
		t.Run(name, func(t *testing.T) {
			atMost(3).Check(t, func(x *explore.Run) {
				cond := native.NewCond(new(native.Mutex))
				var ready explore.Var[bool]
				x.Go(func() {
					cond.L.Lock()
					for !ready.Load() {
						cond.Wait()
					}
					cond.L.Unlock()
				})
				x.Go(func() { late(cond) })
				x.Go(cond.Signal)
				cond.L.Lock()
				ready.Store(true)
				cond.L.Unlock()
				cond.Signal()
				x.Wait()
				x.Assert(cond.L.Idle() && cond.Waiters() == 0, "the Mutex or the Cond is not idle at the end")
			})
		})
	}
}

// A use is a way to lock an RWMutex. It reports whether it succeeded.
type use struct {
	write bool
	lock  func(x *explore.Run, rw *native.RWMutex) bool
}

var (
	write       = use{true, func(_ *explore.Run, rw *native.RWMutex) bool { rw.Lock(); return true }}
	writeTry    = use{true, func(_ *explore.Run, rw *native.RWMutex) bool { return rw.TryLock() }}
	writeFor    = use{true, func(x *explore.Run, rw *native.RWMutex) bool { return rw.TryLockFor(moment(x)) }}
	readingLock = use{false, func(_ *explore.Run, rw *native.RWMutex) bool { rw.RLock(); return true }}
	readTry     = use{false, func(_ *explore.Run, rw *native.RWMutex) bool { return rw.TryRLock() }}
	readFor     = use{false, func(x *explore.Run, rw *native.RWMutex) bool { return rw.TryRLockFor(moment(x)) }}
)

// TestExploreRWMutex shows that a writer is alone, that readers are with readers, that no wake-up is lost when either gives
// up, and that nothing is left behind.
func TestExploreRWMutex(t *testing.T) {
	read := readingLock
	free := func(*native.RWMutex) {}
	for _, c := range []struct {
		name   string
		bounds explore.Options
		uses   [][]use
	}{
		{"a reader and a writer", complete, [][]use{{read, read}, {write, write}}},
		{"two readers and a writer", atMost(3), [][]use{{read}, {read}, {write}}},
		{"a reader and two writers", complete, [][]use{{read}, {write}, {write}}},
		{"tries", complete, [][]use{{write}, {writeTry}, {readTry}}},
		{"tries of writers", complete, [][]use{{read}, {writeTry}, {writeTry}}},
		{"a limit of a writer", atMost(3), [][]use{{read, read}, {writeFor, writeFor}}},
		{"a limit of a writer, with two readers", atMost(2), [][]use{{read}, {read}, {writeFor}}},
		{"a limit of a writer, with another", atMost(3), [][]use{{read}, {write}, {writeFor}}},
		{"a limit of a reader", complete, [][]use{{readFor}, {write, write}}},
		{"a limit of a reader, with another", atMost(3), [][]use{{readFor}, {read}, {write}}},
		{"limits", atMost(3), [][]use{{readFor}, {writeFor}, {read}}},
		{"spurious wake-ups", spurious(complete), [][]use{{read, read}, {write}}},
		{"spurious wake-ups, limits", spurious(atMost(1)), [][]use{{readFor}, {writeFor}, {read}}},
		{"spinning", spinning(atMost(2)), [][]use{{read}, {write}}},
		{"four", atMost(1), [][]use{{read}, {read}, {write}, {writeFor}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) { exploreUses(x, c.uses, free, free) })
		})
	}
}

// TestExploreRWMutexHeld shows the same of an RWMutex that is held at first: a writer that gives up lets in the readers that
// wait, while those that the Unlock before it has let in still wake up, and it does not give up once the last reader has made it
// hold the lock.
func TestExploreRWMutexHeld(t *testing.T) {
	t.Run("until readers wait", func(t *testing.T) {
		atMost(2).Check(t, func(x *explore.Run) {
			later := func(rw *native.RWMutex) {
				gate := make(chan struct{})
				x.Go(func() { close(gate) })
				<-gate // others go on before the Unlock, which costs none of the preemptions
				rw.Unlock()
				if rw.TryLockFor(moment(x)) {
					rw.Unlock()
				}
			}
			exploreUses(x, [][]use{{readingLock}, {readingLock}}, (*native.RWMutex).Lock, later)
		})
	})
	t.Run("written", func(t *testing.T) {
		atMost(2).Check(t, func(x *explore.Run) {
			exploreUses(x, [][]use{{readingLock}, {readingLock}, {writeFor, write}}, (*native.RWMutex).Lock, (*native.RWMutex).Unlock)
		})
	})
	t.Run("read", func(t *testing.T) {
		atMost(2).Check(t, func(x *explore.Run) {
			exploreUses(x, [][]use{{readingLock}, {writeFor, write}}, (*native.RWMutex).RLock, (*native.RWMutex).RUnlock)
		})
	})
}

// exploreUses lets a thread for each of uses lock an RWMutex, which is held at first, from before until after.
func exploreUses(x *explore.Run, all [][]use, before, after func(*native.RWMutex)) {
	rw := new(native.RWMutex)
	var n explore.Var[int]
	var writers atomic.Int32
	before(rw)
	for _, uses := range all {
		x.Go(func() {
			for _, u := range uses {
				switch {
				case !u.lock(x, rw):
				case u.write:
					n.Store(n.Load() + 1)
					writers.Add(1)
					rw.Unlock()
				default:
					n.Load()
					rw.RUnlock()
				}
			}
		})
	}
	after(rw)
	x.Wait()
	x.Assert(n.Load() == int(writers.Load()), "%d have counted, and %d have written", n.Load(), writers.Load())
	x.Assert(rw.Idle(), "the lock is not idle at the end")
}
