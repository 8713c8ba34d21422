// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestBound counts how often a waiter of more than a millisecond is overtaken, by one critical section each
// time: once at most. It counts a turn only when the loser waits again, since the time that a waiter takes
// to wake up is not the lock's.
func TestBound(t *testing.T) {
	type bounded struct {
		lock, unlock func()
		tryLock      func() bool
		wait, leave  func()
		waiting      func() int
	}
	for name, make := range map[string]func() bounded{
		"Mutex": func() bounded {
			m := new(locks.Mutex)
			return bounded{m.Lock, m.Unlock, m.TryLock, m.Lock, m.Unlock, m.Waiting}
		},
		"RWMutex reader behind writers": func() bounded {
			rw := new(locks.RWMutex)
			return bounded{rw.Lock, rw.Unlock, rw.TryLock, rw.RLock, rw.RUnlock, rw.Waiting}
		},
		"RWMutex writer behind writers": func() bounded {
			rw := new(locks.RWMutex)
			return bounded{rw.Lock, rw.Unlock, rw.TryLock, rw.Lock, rw.Unlock, rw.Waiting}
		},
		"RWMutex writer behind upgradable": func() bounded {
			rw := new(locks.RWMutex)
			return bounded{rw.UpgradableLock, rw.UpgradableUnlock, rw.TryUpgradableLock, rw.Lock, rw.Unlock, rw.Waiting}
		},
		"RWMutex upgradable behind writers": func() bounded {
			rw := new(locks.RWMutex)
			return bounded{rw.Lock, rw.Unlock, rw.TryLock, rw.UpgradableLock, rw.UpgradableUnlock, rw.Waiting}
		},
		"BiasedRWMutex reader behind writers": func() bounded {
			rw := new(locks.BiasedRWMutex)
			var token locks.ReadToken
			return bounded{
				rw.Lock, rw.Unlock, rw.TryLock,
				func() { token = rw.RLock() }, func() { rw.RUnlock(token) }, rw.Waiting,
			}
		},
		"BiasedRWMutex writer behind writers": func() bounded {
			rw := new(locks.BiasedRWMutex)
			return bounded{rw.Lock, rw.Unlock, rw.TryLock, rw.Lock, rw.Unlock, rw.Waiting}
		},
	} {
		t.Run(name, func(t *testing.T) {
			locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
				most := 0
				for range locktest.Rounds(50) {
					l := make()
					l.lock()
					stay := locks.NewLatch(1)
					c.Start(func() {
						l.wait()
						stay.Wait()
						l.leave()
					})
					locktest.Eventually(c.T, "one waits", func() bool { return l.waiting() == 1 })
					time.Sleep(1100 * time.Microsecond) // for so long it may be overtaken at will
					overtaken := 0
					for l.unlock(); l.tryLock(); l.unlock() {
						overtaken++
						locktest.Eventually(c.T, "it waits again", func() bool { return l.waiting() == 1 })
					}
					most = max(most, overtaken)
					stay.Arrive(1)
					c.Join()
				}
				if most > 1 {
					c.Errorf("a waiter was overtaken %d times after a millisecond, want at most once", most)
				}
			})
		})
	}
}
