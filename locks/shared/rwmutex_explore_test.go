// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

func exploredRWMutex(p *twins) (bury func(process int)) {
	rw := shared.ExploreMemory[shared.RWMutex]()
	p.lock, p.rw = rw, rw
	return func(process int) { shared.Bury(process, rw.Words()...) }
}

// read looks at the numbers, if the lock was got for reading.
func (p *twins) read(locked bool, err error) {
	switch {
	case err == shared.ErrOwnerDied:
		p.x.Assert(!locked, "ErrOwnerDied with the lock")
		return
	case err != nil:
		p.x.Assert(false, "%v", err)
	case !locked:
		return
	}
	a, b := p.a.Load(), p.b.Load()
	p.x.Assert(a == b, "a reader sees %d, %d", a, b)
	p.rw.RUnlock()
}

func (p *twins) reads() {
	err := p.rw.RLock()
	p.read(err == nil, err)
}

func (p *twins) triesToRead()    { p.read(p.rw.TryRLock()) }
func (p *twins) triesToReadFor() { p.read(p.rw.TryRLockFor(time.Second)) }

// TestExploreRWMutexDeath kills a process at each step of its use of an RWMutex, as TestExploreMutexDeath does. A
// reader that dies blocks no other, and no process reads what a dead writer has left before it is repaired.
func TestExploreRWMutexDeath(t *testing.T) {
	type does = []func(*twins)
	w, r, try, tryFor, tryW := (*twins).locks, (*twins).reads, (*twins).triesToRead, (*twins).triesToReadFor, (*twins).tries
	for _, d := range []deadly{
		{name: "writers", options: atMost(2), doomed: does{w}, others: []does{{w}}},
		{name: "a reader dies", options: atMost(2), doomed: does{r}, others: []does{{w}}},
		{name: "a writer dies", options: atMost(2), doomed: does{w}, others: []does{{r}}},
		{name: "a writer dies among readers", options: atMost(1), doomed: does{w}, others: []does{{r}, {r}}},
		{name: "a reader dies among others", options: atMost(1), doomed: does{r}, others: []does{{r}, {w}}},
		{name: "two readers die", options: atMost(1), doomed: does{r, r}, others: []does{{w}}},
		{name: "reader and writer die", options: atMost(1), doomed: does{r}, others: []does{{w}, {r}}, second: true},
		{name: "TryRLock", options: atMost(2), doomed: does{w}, others: []does{{try}}},
		{name: "TryRLockFor", options: atMost(2), doomed: does{w}, others: []does{{tryFor}}},
		{name: "TryRLockFor dies", options: atMost(2), doomed: does{tryFor}, others: []does{{w}}},
		{name: "TryLock", options: atMost(2), doomed: does{r}, others: []does{{tryW}}},
		{name: "TryLock dies", options: atMost(2), doomed: does{tryW}, others: []does{{r}}},
	} {
		d.check(t, exploredRWMutex)
	}
}
