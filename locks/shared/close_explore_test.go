// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/shared"
)

// TestExploreClose closes a region at each step of goroutines of its process that lock a Mutex. Another process gets the lock, and
// hears of no death: no process holds it once Close has returned.
func TestExploreClose(t *testing.T) {
	needRegions(t)
	for _, c := range []struct {
		name          string
		options       explore.Options
		users, others int
	}{
		{"alone", inAll, 1, 0},
		{"two users", atMost(2), 2, 0},
		{"another process", atMost(3), 1, 1},
		{"two users, another process", atMost(1), 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Check(t, func(x *explore.Run) {
				if !x.Exploring() {
					return
				}
				m := shared.ExploreMemory[shared.Mutex]()
				users, closer, other := x.Process(), x.Process(), x.Process()
				r := shared.ExploreRegion(1, 2, func() { users.Kill() })
				for range c.users {
					users.Go(func() {
						for range 2 { // the short path is that of the second one
							if err := m.Lock(); err != nil {
								x.Assert(err == shared.ErrClosed, "%v", err)
								return
							}
							m.Unlock()
						}
					})
				}
				for range c.others {
					other.Go(func() {
						err := m.Lock()
						x.Assert(err == nil, "%v", err)
						m.Unlock()
					})
				}
				closer.Go(func() {
					err := r.Close()
					x.Assert(err == nil || err == shared.ErrInUse, "%v", err)
				})
				x.Wait()
				x.Assert(m.Free(), "the mutex is held by nobody, and not free")
			})
		})
	}
}

// TestExploreCloseDeath has the owner of another process die at each step of Close and of a user, which learns of the death, or the
// word stays marked for the next owner.
func TestExploreCloseDeath(t *testing.T) {
	needRegions(t)
	atMost(3).Check(t, func(x *explore.Run) {
		if !x.Exploring() {
			return
		}
		m := shared.ExploreMemory[shared.Mutex]()
		users, closer, other := x.Process(), x.Process(), x.Process()
		r := shared.ExploreRegion(1, 2, func() { users.Kill() })
		told := false
		users.Go(func() {
			for range 2 {
				switch locked, err := m.TryLock(); {
				case !locked:
					x.Assert(err == nil || err == shared.ErrClosed, "%v", err)
				case err == shared.ErrOwnerDied:
					told = true
					m.Consistent()
					m.Unlock()
				default:
					m.Unlock()
				}
			}
		})
		other.Go(func() {
			x.Assert(m.Lock() == nil, "another process does not get the lock")
			m.OwnerDies()
		})
		closer.Go(func() {
			err := r.Close()
			x.Assert(err == nil || err == shared.ErrInUse, "%v", err)
		})
		x.Wait()
		x.Assert(m.Marked() == !told, "the word is marked: %v, and the death was reported: %v", m.Marked(), told)
	})
}
