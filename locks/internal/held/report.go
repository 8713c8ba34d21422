// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// The kinds of mistakes.
const (
	Inversion    = "lock order inversion"
	SelfDeadlock = "self-deadlock"
	ReadTwice    = "read lock twice"
	NotOwner     = "unlock by another goroutine"
	Copied       = "unlock of a lock that no goroutine has locked"
	NotHeld      = "lock is not held"
	HeldLong     = "held too long"
)

// A Mistake is a report.
type Mistake struct {
	Kind   string
	Locks  []Lock
	Report string
}

// Handle calls f with each mistake until restore is called.
func Handle(f func(Mistake)) (restore func()) {
	before := shared.handler.Swap(&f)
	return func() { shared.handler.Store(before) }
}

// maxTold is how many mistakes of each kind are reported, so that the memory for reported mistakes is bounded.
const maxTold = 1000

// A told is a mistake that was reported.
type told struct {
	kind  string
	class uint32
	at    place
}

var (
	toldMu sync.Mutex
	tolds  []told
)

// first reports whether a mistake at the place is the first of its kind with locks of that class.
//
//go:norace
func first(kind string, in *instance, at place) bool {
	race.Disable()
	defer race.Enable()
	toldMu.Lock()
	defer toldMu.Unlock()
	class := in.class.Load().root().id
	for i := range tolds {
		if t := &tolds[i]; t.kind == kind && t.class == class && t.at.line == at.line && t.at.file == at.file {
			return false
		}
	}
	if len(tolds) == maxTold {
		return false
	}
	tolds = append(tolds, told{kind, class, at})
	return true
}

// String returns a description that distinguishes the lock from others.
func (l Lock) String() string {
	switch {
	case l.Name != "":
		return fmt.Sprintf("%s (%s %#x)", l.Name, l.Type, l.Addr)
	case l.at.line != 0:
		return fmt.Sprintf("%s %#x, first locked at %v", l.Type, l.Addr, l.at)
	}
	return fmt.Sprintf("%s %#x", l.Type, l.Addr)
}

// tell passes a mistake to the handler. Mistakes of the handler itself are not reported.
func (g *goroutine) tell(kind string, locks []Lock, format func(b *strings.Builder)) {
	if !g.telling.CompareAndSwap(false, true) {
		return
	}
	defer g.telling.Store(false)
	var b strings.Builder
	b.WriteString("osync: " + kind + "\n\n")
	format(&b)
	m := Mistake{kind, locks, b.String()}
	if f := shared.handler.Load(); f != nil {
		(*f)(m)
		return
	}
	os.Stderr.WriteString("\n" + m.Report + "\n")
}

// inversion reports a cycle. now says whether the goroutine is about to make the first edge.
func (g *goroutine) inversion(cycle []*edge, now bool) {
	var locks []Lock
	for _, e := range cycle {
		locks = append(locks, e.held)
	}
	g.tell(Inversion, locks, func(b *strings.Builder) {
		fmt.Fprintf(b, "Goroutines lock these locks in different orders. If they do so at the same time, each waits for the next forever.\n")
		for i, e := range cycle {
			if i == 0 && now {
				fmt.Fprintf(b, "\n%d. Now goroutine %d, which holds\n\t%v\nlocks\n\t%v\nhere:\n", i+1, e.by, e.held, e.locked)
			} else {
				fmt.Fprintf(b, "\n%d. Before, goroutine %d, which held\n\t%v\nlocked\n\t%v\nhere:\n", i+1, e.by, e.held, e.locked)
			}
			e.stack.appendTo(b)
		}
		b.WriteString("\nTo fix it, lock them in the same order everywhere, or unlock one before locking the other. " +
			"A TryLock of the second one is not reported, since it does not wait.\n")
	})
}

// modeNames describe how a lock is held, or is to be locked.
var modeNames = [modes]string{"for writing", "for reading", "in upgradable mode", "for writing, by an upgrade"}

// again reports that the goroutine, which already holds the lock, is about to wait for itself, if
// that is so.
func (g *goroutine) again(in *instance, held, wanted Mode) {
	kind := SelfDeadlock
	switch {
	case held == Upgradable && (wanted == Read || wanted == Upgrade):
		return // no writer can get in between
	case held == Read && (wanted == Read || wanted == Upgradable):
		kind = ReadTwice
	}
	at := callers()
	if !first(kind, in, at.place()) {
		return
	}
	l := in.describe()
	g.tell(kind, []Lock{l}, func(b *strings.Builder) {
		how, again := "", ""
		if held != Write || wanted != Write {
			how, again = " "+modeNames[held], " "+modeNames[wanted]
		}
		fmt.Fprintf(b, "Goroutine %d has locked%s, and locks again%s,\n\t%v\nhere:\n", g.id, how, again, l)
		at.appendTo(b)
		switch {
		case kind == ReadTwice:
			b.WriteString("\nIf another goroutine begins to lock it for writing between the two, that goroutine waits for the first to be unlocked, " +
				"and the second waits for that goroutine, forever. To fix it, lock once, and call functions that expect the lock to be held.\n")
		case l.Type == "locks.Once":
			b.WriteString("\nA function that Do has called calls Do of the same Once, which waits forever for that function to return.\n")
		default:
			b.WriteString("\nIt waits for itself, forever or until its limit, unless another goroutine unlocks the lock. To fix it, lock once, and call functions that " +
				"expect the lock to be held. If another goroutine is meant to unlock it, call watch.Transfer after the first lock.\n")
		}
	})
}

// notOwner reports that g unlocks a lock that owner holds, or, if owner is 0, that no goroutine is known
// to hold.
func (g *goroutine) notOwner(in *instance, owner uint64, mode Mode) {
	leftBy := atomic.SwapUint64(&in.leftBy, 0)
	kind := NotOwner
	if owner == 0 && leftBy == 0 {
		kind = Copied
	}
	at := callers()
	if !first(kind, in, at.place()) {
		return
	}
	l := in.describe()
	g.tell(kind, []Lock{l}, func(b *strings.Builder) {
		fmt.Fprintf(b, "Goroutine %d unlocks\n\t%v\nhere:\n", g.id, l)
		at.appendTo(b)
		const handOver = "If the lock is meant to be handed over, call watch.Transfer with the lock after locking it.\n"
		switch {
		case kind == Copied:
			b.WriteString("\nThe lock is locked, but no goroutine has locked it. It may be a copy of a locked lock: locks must not be copied after first use " +
				"(go vet finds most copies). Or it was unlocked twice, and another goroutine locks it at this moment.\n")
		case owner == 0:
			fmt.Fprintf(b, "\nIt was locked %s by goroutine %d, which has ended. %s", modeNames[mode], leftBy, handOver)
		default:
			fmt.Fprintf(b, "\nIt was locked %s by goroutine %d, which no longer holds it and does not know that. %s", modeNames[mode], owner, handOver)
		}
	})
}

// AssertHeld reports a mistake if the caller holds the lock with none of the modes.
func AssertHeld(lock unsafe.Pointer, typ string, oneOf ...Mode) {
	if !holds(lock, oneOf) {
		notHeld(lock, typ, oneOf, "must hold it")
	}
}

// Waiting is called before a goroutine waits at a Cond with this L: it will unlock the lock, and lock it again
// while it holds the others that it holds. locked says whether any goroutine holds it.
//
//go:norace
func Waiting(lock unsafe.Pointer, typ string, mode Mode, locked bool) {
	if holds(lock, []Mode{mode}) {
		race.Disable()
		g := self()
		race.Enable()
		if g.n > 1 {
			g.before(lock, typ, mode, true)
		}
		return
	}
	notHeld(lock, typ, []Mode{mode}, "must hold it, as it waits at a Cond with this L")
	race.Disable()
	defer race.Enable()
	if in := find(lock); in != nil && locked { // so that the Unlock is not reported, too
		holder(lock, in, mode, true)
		atomic.AddInt32(&in.handed[mode], 1)
	}
}

func notHeld(lock unsafe.Pointer, typ string, oneOf []Mode, must string) {
	Describe(lock, typ)
	in := findVisible(lock)
	at := callers()
	if in == nil || !first(NotHeld, in, at.place()) {
		return
	}
	race.Disable()
	var owner uint64
	for _, mode := range []Mode{Write, Read, Upgradable} {
		if owner == 0 {
			owner = holder(lock, in, mode, false)
		}
	}
	g := self()
	race.Enable()
	l := in.describe()
	g.tell(NotHeld, []Lock{l}, func(b *strings.Builder) {
		fmt.Fprintf(b, "Goroutine %d %s, but does not hold", g.id, must)
		if oneOf[0] != Write || len(oneOf) > 1 {
			fmt.Fprintf(b, " %s", modeNames[oneOf[0]])
		}
		fmt.Fprintf(b, "\n\t%v\nhere:\n", l)
		at.appendTo(b)
		switch owner {
		case 0:
			b.WriteString("\nNo goroutine holds it.\n")
		case g.id:
			b.WriteString("\nIt holds it in another mode.\n")
		default:
			fmt.Fprintf(b, "\nGoroutine %d holds it.\n", owner)
		}
	})
}

//go:norace
func findVisible(lock unsafe.Pointer) *instance {
	race.Disable()
	defer race.Enable()
	return find(lock)
}

// Forget clears the orders of locks and the reported mistakes. It is for tests that repeat mistakes.
//
//go:norace
func Forget() {
	race.Disable()
	defer race.Enable()
	mu.Lock()
	defer mu.Unlock()
	toldMu.Lock()
	defer toldMu.Unlock()
	tolds, convicts = nil, nil
	for _, c := range classes {
		for ; c != nil; c = c.next {
			c.edges = nil
		}
	}
	for i := range instances {
		for in := instances[i].Load(); in != nil; in = in.next.Load() {
			in.edges = nil
		}
	}
	for i := range seen {
		seen[i].Store(0)
	}
}
