// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// An rwWord is the word of an RWMutex, in parts.
type rwWord struct {
	holds, waits, writerParked, parked, admit, upgradable bool

	readers int32
}

// word puts the parts together.
func (w rwWord) word() uint32 {
	s := uint32(w.readers) * rwReader
	for _, b := range []struct {
		set bool
		bit uint32
	}{
		{w.holds, rwWriterHolds},
		{w.waits, rwWriterWaits},
		{w.writerParked, rwWriterParked},
		{w.parked, rwParked},
		{w.admit, rwAdmit},
		{w.upgradable, rwUpgradable},
	} {
		if b.set {
			s |= b.bit
		}
	}
	return s
}

// owned reports whether a goroutine holds the Mutex inside, by invariant 1.
func (w rwWord) owned() bool { return w.holds || w.waits || w.upgradable }

// writer reports whether there is a writer.
func (w rwWord) writer() bool { return w.holds || w.waits }

// last reports whether the last reader has left, and the writer has parked and has yet to be passed the lock.
func (w rwWord) last() bool { return w.waits && w.writerParked && w.readers == 0 }

// rwWords are words that an RWMutex can have, with few readers, with many, and with an RUnlock too many half way.
func rwWords() (words []rwWord) {
	const no, yes = false, true
	for _, readers := range []int32{0, -1, 1, 2, 3, 6, rwMaxReaders - 1, rwMaxReaders, rwMaxReaders + 1, rwMaxReaders + 2} {
		words = append(words, rwWord{readers: readers}, rwWord{upgradable: yes, readers: readers})
		for _, holds := range []bool{no, yes} {
			for _, writerParked := range []bool{no, yes} {
				for _, queue := range [][2]bool{{no, no}, {yes, no}, {yes, yes}} {
					words = append(words, rwWord{holds, !holds, writerParked, queue[0], queue[1], no, readers})
				}
			}
		}
	}
	const few = -1 << 24 // countFew, as a negative number
	return append(words, rwWord{readers: few - 2}, rwWord{readers: few - 1}, rwWord{readers: few}, rwWord{readers: few + 1})
}

// countFew is the least count of readers that counts as negative.
const countFew = 3 << 24

// countOf returns how a number of readers is counted in the word.
func countOf(readers int32) uint32 { return uint32(readers) % (1 << 26) }

// A rwCall is a call of an RWMutex that does not block, or whose limit is a nanosecond. want does to the parts of a word
// what the call does to the word, and returns what the call returns, or panics, or blocks.
type rwCall struct {
	name string
	call func(*RWMutex) any
	want func(*rwWord) any
}

const (
	panics = "panics"
	blocks = "blocks" // or is not made with such a word
)

// in is a call that locks for reading, and returns got, if there is no writer. otherwise is what it returns if there is.
func (w *rwWord) in(got, otherwise any) any {
	switch count := countOf(w.readers + 1); {
	case w.writer():
		return otherwise
	case count > rwMaxReaders && count < countFew:
		return panics
	}
	w.readers++
	return got
}

// out is a call that undoes an RLock.
func (w *rwWord) out() any {
	misused := w.holds || countOf(w.readers-1) >= countFew
	if !misused {
		w.readers--
	}
	if w.last() {
		w.holds, w.waits = true, false
	}
	if misused {
		return panics
	}
	return nil
}

// lock is a call that locks for writing, or does not.
func (w *rwWord) lock(got, otherwise any) any {
	if w.owned() || w.readers != 0 {
		return otherwise
	}
	w.holds = true
	return got
}

// hold makes the writer that waits the one that holds, if no readers are left.
func (w *rwWord) hold() any {
	if !w.waits {
		return blocks
	}
	if w.readers == 0 {
		w.holds, w.waits = true, false
	}
	return w.holds
}

// endTurn ends the turn of a writer that holds.
func (w *rwWord) endTurn() any {
	if !w.holds {
		return panics
	}
	w.holds, w.parked, w.admit = false, false, false
	return nil
}

// giveUp ends the turn of a writer that waits.
func (w *rwWord) giveUp() {
	w.waits, w.writerParked, w.parked, w.admit = false, false, false, false
}

// becomeUpgradable locks in upgradable mode.
func (w *rwWord) becomeUpgradable(got, otherwise any) any {
	if w.owned() {
		return otherwise
	}
	w.upgradable = true
	return got
}

// upgrade is a form of Upgrade.
func (w *rwWord) upgrade(got, otherwise any) any {
	switch {
	case !w.upgradable:
		return panics
	case w.readers != 0:
		return otherwise
	}
	w.upgradable, w.holds = false, true
	return got
}

// rwCalls returns the calls. With spins, a waiter spins before it sleeps.
func rwCalls(spins bool) []rwCall {
	none, nanosecond := context.Background(), func() park.Limit { return park.For(1) }
	calls := []rwCall{
		{"TryRLock", func(rw *RWMutex) any { return rw.TryRLock() }, func(w *rwWord) any { return w.in(true, false) }},
		{"TryRLockFor(0)", func(rw *RWMutex) any { return rw.TryRLockFor(0) }, func(w *rwWord) any { return w.in(true, false) }},
		{"TryRLockFor(1)", func(rw *RWMutex) any { return rw.TryRLockFor(1) }, func(w *rwWord) any {
			if w.writer() {
				w.parked, w.admit = false, false // no other reader is in the queue
			}
			return w.in(true, false)
		}},
		{"RLock", func(rw *RWMutex) any { rw.RLock(); return nil }, func(w *rwWord) any { return w.in(nil, blocks) }},
		{"RLockContext", func(rw *RWMutex) any { return rw.RLockContext(none) }, func(w *rwWord) any { return w.in(nil, blocks) }},
		{"RLockContext, canceled", func(rw *RWMutex) any { return rw.RLockContext(canceled()) }, func(*rwWord) any { return context.Canceled }},
		{"RLockLimit", func(rw *RWMutex) any { return rw.RLockLimit(nanosecond()) == nil }, func(w *rwWord) any {
			if w.writer() {
				w.parked, w.admit = false, false // no other reader is in the queue
			}
			return w.in(true, false)
		}},
		{"RUnlock", func(rw *RWMutex) any { rw.RUnlock(); return nil }, (*rwWord).out},
		{"RLocker.Lock", func(rw *RWMutex) any { rw.RLocker().Lock(); return nil }, func(w *rwWord) any { return w.in(nil, blocks) }},
		{"RLocker.Unlock", func(rw *RWMutex) any { rw.RLocker().Unlock(); return nil }, (*rwWord).out},

		{"TryLock", func(rw *RWMutex) any { return rw.TryLock() }, func(w *rwWord) any { return w.lock(true, false) }},
		{"TryLockFor(0)", func(rw *RWMutex) any { return rw.TryLockFor(0) }, func(w *rwWord) any { return w.lock(true, false) }},
		{"TryLockFor(1)", func(rw *RWMutex) any { return rw.TryLockFor(1) }, func(w *rwWord) any { return w.lock(true, false) }},
		{"Lock", func(rw *RWMutex) any { rw.Lock(); return nil }, func(w *rwWord) any { return w.lock(nil, blocks) }},
		{"LockContext", func(rw *RWMutex) any { return rw.LockContext(none) }, func(w *rwWord) any { return w.lock(nil, blocks) }},
		{"LockContext, canceled", func(rw *RWMutex) any { return rw.LockContext(canceled()) }, func(*rwWord) any { return context.Canceled }},
		{"LockLimit", func(rw *RWMutex) any { return rw.LockLimit(nanosecond()) != nil }, func(w *rwWord) any { return w.lock(false, true) }},
		{"Unlock", func(rw *RWMutex) any { rw.Unlock(); return nil }, (*rwWord).endTurn},

		{"UpgradableLock", func(rw *RWMutex) any { rw.UpgradableLock(); return nil }, func(w *rwWord) any { return w.becomeUpgradable(nil, blocks) }},
		{"UpgradableLockContext", func(rw *RWMutex) any { return rw.UpgradableLockContext(none) }, func(w *rwWord) any { return w.becomeUpgradable(nil, blocks) }},
		{"UpgradableLockContext, canceled", func(rw *RWMutex) any { return rw.UpgradableLockContext(canceled()) }, func(*rwWord) any { return context.Canceled }},
		{"TryUpgradableLock", func(rw *RWMutex) any { return rw.TryUpgradableLock() }, func(w *rwWord) any { return w.becomeUpgradable(true, false) }},
		{"TryUpgradableLockFor", func(rw *RWMutex) any { return rw.TryUpgradableLockFor(1) }, func(w *rwWord) any { return w.becomeUpgradable(true, false) }},
		{"UpgradableLockLimit", func(rw *RWMutex) any { return rw.UpgradableLockLimit(nanosecond()) == nil }, func(w *rwWord) any { return w.becomeUpgradable(true, false) }},
		{"UpgradableUnlock", func(rw *RWMutex) any { rw.UpgradableUnlock(); return nil }, func(w *rwWord) any {
			if !w.upgradable {
				return panics
			}
			w.upgradable = false
			return nil
		}},
		{"Upgrade", func(rw *RWMutex) any { rw.Upgrade(); return nil }, func(w *rwWord) any { return w.upgrade(nil, blocks) }},
		{"UpgradeContext", func(rw *RWMutex) any { return rw.UpgradeContext(none) }, func(w *rwWord) any { return w.upgrade(nil, blocks) }},
		{"UpgradeContext, canceled", func(rw *RWMutex) any { return rw.UpgradeContext(canceled()) }, func(*rwWord) any { return context.Canceled }},
		{"TryUpgrade", func(rw *RWMutex) any { return rw.TryUpgrade() }, func(w *rwWord) any { return w.upgrade(true, false) }},
		{"TryUpgradeFor(0)", func(rw *RWMutex) any { return rw.TryUpgradeFor(0) }, func(w *rwWord) any { return w.upgrade(true, false) }},
		{"TryUpgradeFor(1)", func(rw *RWMutex) any { return rw.TryUpgradeFor(1) }, func(w *rwWord) any { return w.upgrade(true, false) }},
		{"UpgradeLimit", func(rw *RWMutex) any { return rw.UpgradeLimit(nanosecond()) == nil }, func(w *rwWord) any { return w.upgrade(true, false) }},
		{"Downgrade", func(rw *RWMutex) any { rw.Downgrade(); return nil }, func(w *rwWord) any {
			if w.holds {
				w.readers++
			}
			return w.endTurn()
		}},
		{"DowngradeToUpgradable", func(rw *RWMutex) any { rw.DowngradeToUpgradable(); return nil }, func(w *rwWord) any {
			w.upgradable = w.upgradable || w.holds
			return w.endTurn()
		}},
		{"DowngradeUpgradable", func(rw *RWMutex) any { rw.DowngradeUpgradable(); return nil }, func(w *rwWord) any {
			if !w.upgradable {
				return panics
			}
			got := w.in(nil, nil)
			w.upgradable = got == panics
			return got
		}},

		{"mayStay", func(rw *RWMutex) any { return mayStay(rw.state.Load()) }, func(w *rwWord) any {
			return w.holds && countOf(w.readers+1) <= rwMaxReaders
		}},
		{"rLockSpinning", func(rw *RWMutex) any { return rw.rLockSpinning(false) }, func(w *rwWord) any { return w.in(true, false) }},
		{"rLockSpinning, counted", func(rw *RWMutex) any { return rw.rLockSpinning(true) }, func(w *rwWord) any {
			if w.holds {
				w.readers--
			}
			return !w.holds
		}},
		{"reader's Enqueue", func(rw *RWMutex) any { return sleepBriefly(rw, (*rwReaderQueue)(rw), 0) }, func(w *rwWord) any {
			if got := w.in(true, false); got != false {
				if got == true {
					return w.word()
				}
				return got
			}
			w.parked, w.admit = true, w.admit || !spins
			enqueued := w.word()
			w.parked, w.admit = false, false
			return enqueued
		}},
		{"tryHold", func(rw *RWMutex) any { return rw.tryHold() }, (*rwWord).hold},
		{"readerLeft", func(rw *RWMutex) any { rw.readerLeft(rwWord{waits: true, writerParked: true}.word()); return nil }, func(w *rwWord) any {
			if w.last() {
				w.hold()
			}
			return nil
		}},
	}
	for name, keep := range map[string]rwWord{"": {}, " of an upgradable holder": {upgradable: true}} {
		givesUp := func(rw *RWMutex, got any) any {
			if rw.state.Load()&(rwWriter|rwUpgradable) == 0 {
				rw.w.Unlock()
			}
			return got
		}
		calls = append(calls, rwCall{"drain" + name, func(rw *RWMutex) any {
			return givesUp(rw, rw.drain(nanosecond(), keep.word()) == nil)
		}, func(w *rwWord) any {
			held := w.hold()
			if held == false {
				w.giveUp()
				w.upgradable = keep.upgradable
			}
			return held
		}}, rwCall{"writer's Enqueue" + name, func(rw *RWMutex) any {
			return givesUp(rw, sleepBriefly(rw, (*rwWriterQueue)(rw), keep.word()))
		}, func(w *rwWord) any {
			switch held := w.hold(); held {
			case blocks:
				return blocks
			case false:
				w.writerParked = true
			}
			enqueued := w.word()
			if !w.holds {
				w.giveUp()
				w.upgradable = keep.upgradable
			}
			return enqueued
		}}, rwCall{"writer's GiveUp" + name, func(rw *RWMutex) any {
			waiter := park.NewWaiter(park.Exclusion, park.Limit{})
			defer waiter.Free()
			waiter.SetTag(uint64(keep.word()))
			park.WithQueue(&rw.state, func(q park.Queue) { (*rwWriterQueue)(rw).GiveUp(q, waiter) })
			return givesUp(rw, nil)
		}, func(w *rwWord) any {
			switch w.hold() {
			case blocks:
				return blocks
			case false:
				w.giveUp()
				w.upgradable = keep.upgradable
			}
			return nil
		}})
	}
	return calls
}

// canceled returns a context that has ended.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A spyQueue records the word at the end of Enqueue.
type spyQueue struct {
	park.Enqueuer
	rw       *RWMutex
	enqueued uint32
}

func (s *spyQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	token = s.Enqueuer.Enqueue(q, w)
	s.enqueued = s.rw.state.Load()
	return token
}

// sleepBriefly lets a waiter sleep until a limit of a nanosecond, and returns the word at the end of Enqueue.
func sleepBriefly(rw *RWMutex, e park.Enqueuer, tag uint32) (enqueued uint32) {
	w := park.NewWaiter(park.Exclusion, park.For(1))
	w.SetTag(uint64(tag))
	spy := &spyQueue{e, rw, 0}
	w.Sleep(&rw.state, spy, nil)
	w.Free()
	return spy.enqueued
}

// TestRWMutexWords makes each call with each word, and compares the word after it, and what it returns, with the table in
// rwmutex.go. A call that panics changes nothing.
func TestRWMutexWords(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2} {
		runtime.GOMAXPROCS(n)
		procs.Refresh()
		for _, c := range rwCalls(spin.Worthwhile()) {
			for _, before := range rwWords() {
				after := before
				want := c.want(&after)
				if want == blocks {
					continue
				}
				var rw RWMutex
				rw.state.Store(before.word())
				if before.owned() {
					rw.w.Lock()
				}
				got := orPanics(func() any { return c.call(&rw) })
				if got != want || rw.state.Load() != after.word() || rw.w.state.Load() != 0 != after.owned() {
					t.Fatalf("%s of the word %08x: %v, and the words are %016x\nwant %v, and %08x, the Mutex inside is locked: %t",
						c.name, before.word(), got, rw.State(), want, after.word(), after.owned())
				}
			}
		}
	}
}

// orPanics returns what f returns, or panics if it panics.
func orPanics(f func() any) (got any) {
	defer func() {
		if recover() != nil {
			got = panics
		}
	}()
	return f()
}

// TestRWMutexWordsReaderLeft lets a reader that has made each word find each word when it has locked the queue. If it was not the
// last, it does nothing.
func TestRWMutexWordsReaderLeft(t *testing.T) {
	for _, left := range rwWords() {
		for _, before := range rwWords() {
			var rw RWMutex
			rw.state.Store(before.word())
			rw.readerLeft(left.word())
			after := before
			if left.last() && before.last() {
				after.hold()
			}
			if got := rw.state.Load(); got != after.word() {
				t.Fatalf("a reader that has left the word %08x makes %08x of %08x, want %08x", left.word(), got, before.word(), after.word())
			}
		}
	}
}

// A pushQueue is a queue that a waiter enters always.
type pushQueue struct{}

func (pushQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) { q.Push(w); return 0 }
func (pushQueue) GiveUp(park.Queue, *park.Waiter)                     {}

// TestRWMutexWordsAdmit ends a writer's turn with each word while readers are in the queue.
func TestRWMutexWordsAdmit(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2} {
		runtime.GOMAXPROCS(n)
		procs.Refresh()
		words := append(rwWords(), rwWord{holds: true, parked: true, readers: rwMaxReaders - 3}, rwWord{waits: true, parked: true, readers: rwMaxReaders - 3})
		for _, before := range words {
			for _, keep := range []rwWord{{}, {readers: 1}, {upgradable: true}} {
				if !before.parked || before.waits && keep.readers != 0 {
					continue
				}
				for readers := 1; readers <= 3; readers++ {
					testAdmit(t, before, keep, readers)
				}
			}
		}
	}
}

func testAdmit(t *testing.T, before, keep rwWord, n int) {
	var rw RWMutex
	rw.state.Store(before.word())
	tokens := make(chan uint32, n)
	for range n {
		go func() {
			w := park.NewWaiter(park.Exclusion, park.Limit{})
			defer w.Free()
			token, _ := w.Sleep(&rw.state, pushQueue{}, nil)
			tokens <- token
		}()
	}
	locktest.Eventually(t, "the readers wait", func() bool { return queued(&rw.state) == n })

	after, want, bits := before, tokenRetry, uint32(rwWriterHolds)
	if before.waits {
		after.giveUp()
		bits = rwWriterWaits | rwWriterParked
	} else {
		after.endTurn()
	}
	after.readers += keep.readers
	after.upgradable = keep.upgradable
	if free := int(rwMaxReaders) - int(countOf(after.readers)); n <= free && (n <= procs.Count() || before.admit || before.waits) {
		after.readers += int32(n)
		want = tokenGranted
	}
	if !rw.admitReaders(bits, keep.word()) || rw.state.Load() != after.word() {
		t.Errorf("%d readers make %08x of %08x, want %08x", n, rw.state.Load(), before.word(), after.word())
	}
	for range n {
		if got := <-tokens; got != want {
			t.Errorf("a reader is told %d with the word %08x and %d readers, want %d", got, before.word(), n, want)
		}
	}
}

// TestRWMutexWordsDrained passes the lock to a writer that has parked, and lets it find each word when it is awake.
func TestRWMutexWordsDrained(t *testing.T) {
	for _, before := range rwWords() {
		if !before.holds || !before.writerParked {
			continue
		}
		var rw RWMutex
		rw.RLock()
		done := make(chan struct{})
		go func() { rw.Lock(); close(done) }()
		locktest.Eventually(t, "the writer waits", func() bool { return queued(&rw.state) == 1 })
		var writer *park.Waiter
		park.WithQueue(&rw.state, func(q park.Queue) { rw.state.Store(before.word()); writer = q.Pop() })
		writer.Wake(tokenGranted)
		<-done
		after := before
		after.writerParked = false
		if got := rw.state.Load(); got != after.word() {
			t.Errorf("a writer that awakes makes %08x of %08x, want %08x", got, before.word(), after.word())
		}
	}
}
