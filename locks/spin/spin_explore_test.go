// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/spin"
)

// The tests TestExplore… run every interleaving of a few goroutines, under the command explore. Under plain go
// test they are stress tests. What a lock protects is an explore.Var in them, so that a second holder is a data race.

// A locker is a lock of this package.
type locker interface {
	Lock()
	TryLock() bool
	Unlock()
}

// locked counts, and unlocks l.
func locked(l locker, count *explore.Var[int]) int {
	count.Store(count.Load() + 1)
	l.Unlock()
	return 1
}

// exploreLocks explores goroutines that do what the words of a scenario say, with a lock, and tells how often each has had it:
// see uses.
func exploreLocks(t *testing.T, o explore.Options, newLock func() locker, scenarios ...string) {
	o.Complete = true
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			words := strings.Fields(scenario)
			o.Check(t, func(x *explore.Run) {
				l := newLock()
				var count explore.Var[int]
				had := make([]int, len(words))
				for i, word := range words {
					x.Go(func() { had[i] = uses[word](x, l, &count) })
				}
				x.Wait()
				sum := 0
				for _, n := range had {
					sum += n
				}
				x.Assert(count.Load() == sum, "%d have counted, and %d had the lock", count.Load(), sum)
				x.Assert(l.TryLock(), "the lock is not free at the end")
			})
		})
	}
}

// uses are what a goroutine does with a lock. A use returns how often it has had the lock.
var uses = map[string]func(x *explore.Run, l locker, count *explore.Var[int]) int{
	"lock": func(_ *explore.Run, l locker, count *explore.Var[int]) int { l.Lock(); return locked(l, count) },
	"lockTwice": func(_ *explore.Run, l locker, count *explore.Var[int]) int {
		l.Lock()
		locked(l, count)
		l.Lock()
		return 1 + locked(l, count)
	},
	"tryLock": func(_ *explore.Run, l locker, count *explore.Var[int]) int {
		if !l.TryLock() {
			return 0
		}
		return locked(l, count)
	},
	"lockFor": func(_ *explore.Run, l locker, count *explore.Var[int]) int {
		if !l.(*spin.Lock).TryLockFor(time.Second / 2) {
			return 0
		}
		return locked(l, count)
	},
	"lockContext": func(x *explore.Run, l locker, count *explore.Var[int]) int {
		ctx, cancel := context.WithCancel(context.Background())
		x.Go(cancel)
		if l.(*spin.Lock).LockContext(ctx) != nil {
			return 0
		}
		return locked(l, count)
	},
}

func newLock() locker       { return new(spin.Lock) }
func newTicketLock() locker { return new(spin.TicketLock) }
func newMCSLock() locker    { return new(spin.MCSLock) }

// TestExploreLocks has two to three goroutines that lock each of the locks.
func TestExploreLocks(t *testing.T) {
	for _, l := range []struct {
		name      string
		new       func() locker
		scenarios []string
		two       string // with at most two preemptions
	}{
		{"Lock", newLock, []string{"lockTwice lockTwice", "lock lock lock", "lockTwice lock tryLock", "lockTwice lock lock"}, ""},
		{"TicketLock", newTicketLock, []string{"lockTwice lockTwice", "lock lock lock", "lockTwice lock tryLock", "lockTwice lock lock"}, ""},
		{"MCSLock", newMCSLock, []string{"lockTwice lockTwice", "lock lock lock"}, "lockTwice lock tryLock"},
	} {
		t.Run(l.name, func(t *testing.T) {
			exploreLocks(t, explore.Options{}, l.new, l.scenarios...)
			if l.two != "" {
				exploreLocks(t, explore.Options{Preemptions: 2}, l.new, l.two)
			}
		})
	}
}

// TestExploreLockReserved lets time pass, so that a goroutine that has waited for long reserves the Lock, and waits end by
// a limit or a context, with one processor and with two.
func TestExploreLockReserved(t *testing.T) {
	for _, procs := range []int{1, 2} {
		t.Run(fmt.Sprintf("processors=%d", procs), func(t *testing.T) {
			exploreLocks(t, explore.Options{TimeJumps: 1, Procs: procs}, newLock,
				"lockTwice lockTwice", "lock lock lock", "lock lockFor", "lock lockFor lockFor", "lock lock lockFor",
				"lockContext lock", "lockContext lock lock", "lockTwice lockFor", "lockTwice lockContext")
		})
	}
}

// TestExploreLockNotReserved shows that no waiter reserves the Lock before a millisecond has passed. It does not pass here.
func TestExploreLockNotReserved(t *testing.T) {
	for _, procs := range []int{1, 2} {
		t.Run(fmt.Sprintf("processors=%d", procs), func(t *testing.T) {
			explore.Options{Complete: true, Procs: procs}.Check(t, func(x *explore.Run) {
				var l spin.Lock
				l.Lock()
				x.Go(func() { l.Lock(); l.Unlock() })
				reserved := l.Reserved()
				l.Unlock()
				x.Wait()
				x.Assert(!reserved || !x.Exploring(), "a waiter has reserved the lock at once")
			})
		})
	}
}

// TestExploreLockLongWaiter has a waiter reserve the Lock, and give up, while another one reserves it and its holder
// unlocks it.
func TestExploreLockLongWaiter(t *testing.T) {
	explore.Options{Complete: true}.Check(t, func(x *explore.Run) {
		var l spin.Lock
		l.Lock()
		locked := false
		x.Go(func() { locked = l.LookAndGiveUp() })
		other := l.ReserveHeld()
		l.Unlock()
		x.Wait()
		x.Assert(!other || !locked, "a waiter has taken a lock that is reserved for another")
		x.Assert(l.Reserved() == other, "reserved: %t, want %t", l.Reserved(), other)
		if other {
			l.Unreserve()
		}
		if locked {
			l.Unlock()
		}
		x.Assert(l.TryLock(), "the lock is not free at the end")
	})
}

// TestExploreLockLastLook shows that a waiter that gives up takes a lock that is free.
func TestExploreLockLastLook(t *testing.T) {
	explore.Options{Complete: true}.Check(t, func(x *explore.Run) {
		var l spin.Lock
		x.Assert(l.LastLook(), "a waiter has given up though the lock is free")
	})
}

// TestExploreUnlocksAtOnce unlocks a held lock in two goroutines: one of them must panic.
func TestExploreUnlocksAtOnce(t *testing.T) {
	for name, newLock := range map[string]func() locker{"Lock": newLock, "TicketLock": newTicketLock, "MCSLock": newMCSLock} {
		t.Run(name, func(t *testing.T) {
			explore.Options{Complete: true}.Check(t, func(x *explore.Run) {
				l := newLock()
				l.Lock()
				panics := make([]bool, 2)
				for i := range panics {
					x.Go(func() {
						defer func() { panics[i] = recover() != nil }()
						l.Unlock()
					})
				}
				x.Wait()
				x.Assert(panics[0] != panics[1], "two Unlocks of one Lock panic: %t", panics)
				x.Assert(l.TryLock(), "the lock is not free at the end")
			})
		})
	}
}

// TestExploreLockOtherUnlocks has a goroutine unlock a Lock as soon as it sees that another one has locked it. The other
// locks must not be unlocked before Lock has returned.
func TestExploreLockOtherUnlocks(t *testing.T) {
	explore.Options{Complete: true}.Check(t, func(x *explore.Run) {
		var l spin.Lock
		x.Go(l.Lock)
		before := l.TryLock()
		l.Unlock()
		x.Wait()
		if before {
			l.Unlock()
		}
		x.Assert(l.TryLock(), "the lock is not free at the end")
	})
}
