// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package keep

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/internal/procs"
)

// Run these tests with the command explore. What a sleeper does with its place is an access of an explore.Var in them,
// so that two sleepers with one place are a data race.

// The keeper of a place touches its variable.
type touched [len(places)]explore.Var[int]

func (a *touched) touch(p *Place) {
	for i := range places {
		if p == &places[i] {
			a[i].Store(a[i].Load() + 1)
		}
	}
}

// TestExploreClaim shows that there are never more keepers than processors but one, that two sleepers never have
// one place, in whatever order they have looked at the clock.
func TestExploreClaim(t *testing.T) {
	for _, c := range []struct {
		name            string
		procs, sleepers int
		rounds          int
	}{
		{"one place, two", 2, 2, 3},
		{"one place, three", 2, 3, 2},
		{"one place, four", 2, 4, 1},
		{"two places, two", 3, 2, 2},
		{"two places, three", 3, 3, 1},
		{"three places, three", 4, 3, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			withProcs(t, c.procs)
			explore.Options{Procs: c.procs, Complete: true}.Check(t, func(x *explore.Run) {
				var all touched
				var keepers atomic.Int32
				for i := range c.sleepers {
					x.Go(func() {
						for r := range c.rounds {
							now := int64(100 + 10*i + r)
							p := Claim(now)
							if p == nil {
								continue
							}
							n := keepers.Add(1)
							x.Assert(int(n) < c.procs, "%d sleepers keep one of %d processors", n, c.procs)
							keepers.Add(-1)
							all.touch(p)
							p.Leave(now)
						}
					})
				}
				x.Wait()
				x.Assert(Taken() == 0, "%d places are taken after all have left", Taken())
			})
		})
	}
}

// TestExploreOldPlace shows that one sleeper at a time takes over the place of an old one, which does not give it back
// then, whether it leaves meanwhile or later.
func TestExploreOldPlace(t *testing.T) {
	for _, c := range []struct {
		name     string
		later    bool
		sleepers int
	}{
		{"one", false, 1}, {"two", false, 2}, {"three", false, 3}, {"one, later", true, 1}, {"three, later", true, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			withProcs(t, 2)
			explore.Options{Procs: 2, Complete: true}.Check(t, func(x *explore.Run) {
				var all touched
				var got atomic.Int32
				old := Claim(100)
				if !c.later {
					x.Go(func() { old.Leave(100) })
				}
				for i := range c.sleepers {
					x.Go(func() {
						now := int64(100 + ForNs + i)
						if p := Claim(now); p != nil {
							got.Add(1)
							all.touch(p)
							p.Leave(now)
						}
					})
				}
				x.Wait()
				if c.later {
					x.Assert(got.Load() > 0, "no sleeper has taken over the place of an old one")
					old.Leave(100)
				}
				x.Assert(Taken() == 0, "%d places are taken after all have left", Taken())
			})
		})
	}
}

// withProcs sets the number of processors for a test.
func withProcs(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before); procs.Refresh() })
	if runtime.GOMAXPROCS(0) != n {
		t.Skipf("GOMAXPROCS is always %d on %s", runtime.GOMAXPROCS(0), runtime.GOOS)
	}
	procs.Refresh()
}

// TestExploreClaimAll shows that a sleeper finds a free place wherever it begins to look.
func TestExploreClaimAll(t *testing.T) {
	withProcs(t, 4)
	explore.Options{Procs: 4, Complete: true}.Check(t, func(x *explore.Run) {
		var all []*Place
		for range 3 {
			p := Claim(100)
			x.Assert(p != nil, "a sleeper does not find one of three places free")
			all = append(all, p)
		}
		x.Assert(Claim(100) == nil, "there is a place for each processor")
		for _, p := range all {
			p.Leave(100)
		}
	})
}
