// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// An RWLocker is a readers-writer lock. The sync.Locker is the writer's side.
type RWLocker interface {
	sync.Locker
	RLock()
	RUnlock()
}

// A tryRLocker has TryRLock.
type tryRLocker interface {
	RWLocker
	TryRLock() bool
}

// A readLock is the reader's side of an RWLocker, as a lock. A method that the RWLocker lacks
// panics; no check calls it then.
type readLock struct{ RWLocker }

func (l readLock) Lock()   { l.RLock() }
func (l readLock) Unlock() { l.RUnlock() }

func (l readLock) TryLockFor(d time.Duration) bool {
	return l.RWLocker.(interface{ TryRLockFor(time.Duration) bool }).TryRLockFor(d)
}

func (l readLock) LockContext(ctx context.Context) error {
	return l.RWLocker.(interface {
		RLockContext(context.Context) error
	}).RLockContext(ctx)
}

// RWMutex checks a readers-writer lock. make returns a new unlocked one.
//
// Writers have to be safe from starvation by readers and readers from starvation by
// writers, as with package sync: a waiting writer stops new readers.
func RWMutex(t *testing.T, make func() RWLocker, options ...Option) {
	t.Run("Writers", func(t *testing.T) {
		Mutex(t, func() sync.Locker { return make() }, options...)
	})
	run(t, rwChecks(make()), make, options)
}

func rwChecks(l RWLocker) []check[RWLocker] {
	checks := []check[RWLocker]{
		{name: "ReadersMeet", run: checkReadersMeet},
		{name: "ReadersAndWriters", run: checkReadersAndWriters},
		{name: "HappensBefore", run: checkRWHappensBefore},
		{name: "WritersNotStarved", run: checkWritersNotStarved},
		{name: "ReadersNotStarved", run: checkReadersNotStarved},
		{name: "ReaderBehindWriters", run: checkReaderBehindWriters},
		{name: "Shares", run: checkRWShares},
		{name: "LeftOut", run: checkRWLeftOut},
		{name: "ManyReaders", run: checkManyReaders},
		{name: "UnlockAdmitsReaders", run: checkUnlockAdmitsReaders},
		{name: "Stress", run: checkReadersAndWritersDuringGC},
		{name: "Allocations", alone: true, run: checkRWAllocations},
		{name: "Misuse", alone: true, run: checkRWMisuse},
		{name: "MisuseBesideOthers", run: checkRWMisuseBesideOthers},
		{name: "RLocker", alone: true, run: checkRLocker},
	}
	if _, ok := l.(tryRLocker); ok {
		checks = append(checks,
			check[RWLocker]{name: "TryRLock", run: checkTryRLock},
			check[RWLocker]{name: "WaitingWriterStopsReaders", run: checkWaitingWriterStopsReaders})
	}
	if _, ok := l.(interface{ TryRLockFor(time.Duration) bool }); ok {
		checks = append(checks, timedChecks("TryRLockFor", func(l RWLocker) (sync.Locker, timedLocker) {
			return l, readLock{l}
		})...)
	}
	if _, ok := l.(interface {
		RLockContext(context.Context) error
	}); ok {
		checks = append(checks, contextChecks("RLockContext", func(l RWLocker) (sync.Locker, contextLocker) {
			return l, readLock{l}
		})...)
	}
	if _, ok := l.(timedLocker); ok {
		checks = append(checks,
			check[RWLocker]{name: "WriterBehindReader/TryLockFor", run: checkWriterBehindReader},
			check[RWLocker]{name: "WriterGivesUp/TryLockFor", run: checkWriterGivesUp})
	}
	return checks
}

// checkReadersMeet lets readers wait for each other inside.
func checkReadersMeet(e *env, make func() RWLocker) {
	const readers = 10
	l, c := make(), e.crew()
	var inside atomic.Int32
	all := func() bool { return inside.Load() == readers }
	for range readers {
		c.start(func() {
			l.RLock()
			inside.Add(1)
			for deadline := time.Now().Add(e.patience); !all() && time.Now().Before(deadline); {
				runtime.Gosched()
			}
			if !all() {
				e.Errorf("only %d of %d readers are inside", inside.Load(), readers)
			}
			l.RUnlock()
		})
	}
	c.join("readers that wait for each other, inside")
}

func checkReadersAndWriters(e *env, make func() RWLocker) {
	nothing := func(RWLocker) {}
	readersAndWriters(e, make(), e.times(1000), nothing, nothing)
}

// readersAndWriters counts readers and writers inside. Readers call read, writers write.
func readersAndWriters(e *env, l RWLocker, rounds int, read, write func(RWLocker)) {
	const (
		workers = 8
		writer  = 1000 // writers count so much, readers 1
	)
	c := e.crew()
	var inside atomic.Int32
	for id := range workers {
		random := e.rand(id)
		c.start(func() {
			for range e.rounds(rounds) {
				if random.IntN(4) == 0 {
					l.Lock()
					if n := inside.Add(writer); n != writer {
						e.Errorf("a writer is inside with %d readers and %d writers", n%writer, n/writer-1)
					}
					if random.IntN(2) == 0 {
						runtime.Gosched()
					}
					write(l)
					inside.Add(-writer)
					l.Unlock()
					continue
				}
				l.RLock()
				if n := inside.Add(1); n >= writer {
					e.Errorf("a reader is inside with %d writers", n/writer)
				}
				if random.IntN(2) == 0 {
					runtime.Gosched()
				}
				read(l)
				inside.Add(-1)
				l.RUnlock()
			}
		})
	}
	c.join("readers and writers")
}

func checkReadersAndWritersDuringGC(e *env, make func() RWLocker) {
	nothing := func(RWLocker) {}
	e.duringGC(func() { readersAndWriters(e, make(), e.times(200), nothing, nothing) })
}

// checkRWHappensBefore writes plain variables for the race detector: a write
// synchronizes before later reads, a read before later writes.
func checkRWHappensBefore(e *env, make func() RWLocker) {
	const workers = 4
	rounds := e.times(500)
	l, c := make(), e.crew()
	count := [2]int{}
	for id := range workers {
		c.start(func() {
			for range e.rounds(rounds) {
				if id%2 == 0 {
					l.Lock()
					count[0]++
					count[1]++
					l.Unlock()
				} else {
					l.RLock()
					if count[0] != count[1] {
						e.Errorf("a reader found a half-made change: %v", count)
					}
					l.RUnlock()
				}
			}
		})
	}
	c.join("readers and writers")
	l.RLock()
	if want := workers / 2 * rounds; count[0] != want {
		e.Errorf("counted %d, want %d: an update was not seen", count[0], want)
	}
	l.RUnlock()
}

// checkWritersNotStarved keeps readers inside: each leaves only when the next has come.
func checkWritersNotStarved(e *env, make func() RWLocker) {
	if e.unfair {
		return
	}
	l := make()
	e.besides(4, func() {
		l.RLock()
		for start := time.Now(); time.Since(start) < 20*time.Microsecond; {
		}
		l.RUnlock()
	}, func() {
		for range e.rounds(e.times(30)) {
			pass(l)
		}
	})
}

// checkReadersNotStarved keeps writers coming.
func checkReadersNotStarved(e *env, make func() RWLocker) {
	if e.unfair {
		return
	}
	l := make()
	e.besides(4, func() {
		l.Lock()
		for start := time.Now(); time.Since(start) < 20*time.Microsecond; {
		}
		l.Unlock()
	}, func() {
		for range e.rounds(e.times(30)) {
			pass(readLock{l})
		}
	})
}

// checkReaderBehindWriters counts how many writers overtake a reader that comes now and then, while
// writers come without a pause. On a busy machine, or while a preempted writer is inside of Lock or Unlock, the
// reader may not get as far as into the queue, so the median counts. The sections are long beside Lock and Unlock,
// which take long in an instrumented build.
func checkReaderBehindWriters(e *env, make func() RWLocker) {
	if e.unfair || e.uneven {
		return
	}
	const most = 20
	section, rounds := max(10*time.Microsecond, 10*cost(make())), 15
	if testing.Short() {
		rounds = 7
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2} {
		runtime.GOMAXPROCS(procs)
		time.Sleep(20 * time.Millisecond) // the lock may notice late
		for _, writers := range []int{1, 3} {
			l, c := make(), e.crew()
			var sections atomic.Int64
			var stop atomic.Bool
			for range writers {
				c.start(func() {
					for !stop.Load() {
						l.Lock()
						sections.Add(1)
						for start := time.Now(); time.Since(start) < section; {
						}
						l.Unlock()
						Preempt()
						Preempt()
					}
				})
			}
			e.eventually("writers", func() bool { return sections.Load() > 10 })
			var overtook []int64
			c.start(func() {
				for range e.rounds(rounds) {
					time.Sleep(100 * time.Microsecond)
					before := sections.Load()
					l.RLock()
					overtook = append(overtook, sections.Load()-before)
					l.RUnlock()
				}
				stop.Store(true)
			})
			c.join("a reader behind writers")
			slices.Sort(overtook)
			if median := overtook[len(overtook)/2]; median > most {
				e.Errorf("GOMAXPROCS=%d, %d writers: writers have overtaken a reader so often: %v; want a median of at most %d",
					procs, writers, overtook, most)
			}
		}
	}
}

// cost returns how long a free lock takes to lock and unlock, in the best of some rounds.
func cost(l sync.Locker) time.Duration {
	best := time.Hour
	for range 10 {
		start := time.Now()
		for range 10 {
			l.Lock()
			l.Unlock()
		}
		best = min(best, time.Since(start)/10)
	}
	return best
}

// checkManyReaders lets many readers and some writers wait for a writer.
func checkManyReaders(e *env, make func() RWLocker) {
	n := e.many()
	l, c := make(), e.crew()
	var came, went atomic.Int32
	l.Lock()
	for i := range n {
		c.start(func() {
			came.Add(1)
			if i%10 == 0 {
				pass(l)
			} else {
				pass(readLock{l})
			}
			went.Add(1)
		})
	}
	e.eventually("workers on their way to the lock", func() bool { return int(came.Load()) == n })
	if w := went.Load(); w != 0 {
		e.Errorf("%d workers are in beside a writer", w)
	}
	l.Unlock()
	c.join("many readers, some writers")
}

// checkUnlockAdmitsReaders lets readers queue, and then a writer. The unlock of the first
// writer must let all those readers in before the second one.
func checkUnlockAdmitsReaders(e *env, make func() RWLocker) {
	if !e.turns {
		return
	}
	const readers = 10
	for range e.times(30) {
		l, c := make(), e.crew()
		queue, ok := l.(interface{ Waiting() int })
		if !ok {
			return // nothing tells that the readers have queued
		}
		var read atomic.Int32
		l.Lock()
		for range readers {
			c.start(func() {
				l.RLock()
				read.Add(1)
				l.RUnlock()
			})
		}
		e.eventually("readers that wait", func() bool { return queue.Waiting() == readers })
		c.start(func() {
			l.Lock()
			if n := read.Load(); n != readers {
				e.Errorf("%d of %d readers were in before the next writer", n, readers)
			}
			l.Unlock()
		})
		e.eventually("a writer behind readers", func() bool { return queue.Waiting() == readers+1 })
		l.Unlock()
		c.join("readers, and a writer behind them")
	}
}

func checkRWAllocations(e *env, make func() RWLocker) {
	l := make()
	e.noAllocs("RLock and RUnlock", func() {
		l.RLock()
		defer l.RUnlock()
	})
}

func checkRWMisuse(e *env, make func() RWLocker) {
	if !e.recoverable {
		return
	}
	const unlock, runlock = "Unlock of unlocked RWMutex", "RUnlock of unlocked RWMutex"
	nothing := func(RWLocker) {}
	for _, misuse := range []struct {
		want          string
		before, after func(l RWLocker)
		f             func(l RWLocker)
	}{
		{unlock, nothing, nothing, RWLocker.Unlock},
		{unlock, RWLocker.RLock, RWLocker.RUnlock, RWLocker.Unlock},
		{unlock, func(l RWLocker) { pass(l) }, nothing, RWLocker.Unlock},
		{runlock, nothing, nothing, RWLocker.RUnlock},
		{runlock, RWLocker.Lock, RWLocker.Unlock, RWLocker.RUnlock},
		{runlock, func(l RWLocker) { pass(readLock{l}) }, nothing, RWLocker.RUnlock},
	} {
		l := make()
		misuse.before(l)
		for range 2 {
			e.panicsWith(misuse.want, func() { misuse.f(l) })
		}
		misuse.after(l)
		readersAndWriters(e, l, e.times(50), nothing, nothing) // the lock is as it was
	}
}

// checkRWMisuseBesideOthers unlocks in the wrong way again and again while other workers wait for
// the lock. That changes nothing for them.
func checkRWMisuseBesideOthers(e *env, make func() RWLocker) {
	if !e.recoverable {
		return
	}
	readersAndWriters(e, make(), e.times(300), func(l RWLocker) {
		e.panicsWith("Unlock of unlocked RWMutex", l.Unlock)
	}, func(l RWLocker) {
		e.panicsWith("RUnlock of unlocked RWMutex", l.RUnlock)
	})
}

func checkRLocker(e *env, make func() RWLocker) {
	l, ok := make().(interface {
		tryRLocker
		tryLocker
		RLocker() sync.Locker
	})
	if !ok {
		return
	}
	r := l.RLocker()
	r.Lock()
	r.Lock()
	if l.TryLock() {
		e.Errorf("TryLock succeeded beside two locks of the RLocker")
	}
	r.Unlock()
	r.Unlock()
	if !l.TryLock() {
		e.Errorf("TryLock failed after both locks of the RLocker were released")
		return
	}
	l.Unlock()
}

func checkTryRLock(e *env, make func() RWLocker) {
	l := make().(tryRLocker)
	if !l.TryRLock() {
		e.Fatalf("TryRLock of an unlocked lock failed")
	}
	e.worker("TryRLock beside a reader", func() {
		if !l.TryRLock() {
			e.Errorf("TryRLock beside a reader failed")
			return
		}
		l.RUnlock()
	})
	if w, ok := l.(tryLocker); ok {
		e.worker("TryLock beside a reader", func() {
			if w.TryLock() {
				e.Errorf("TryLock succeeded beside a reader")
			}
		})
	}
	l.RUnlock()
	l.Lock()
	e.worker("TryRLock beside a writer", func() {
		if l.TryRLock() {
			e.Errorf("TryRLock succeeded beside a writer")
		}
	})
	l.Unlock()
}

// checkWaitingWriterStopsReaders tries to read until that fails because a writer waits. From then on
// a reader has to queue behind it.
func checkWaitingWriterStopsReaders(e *env, make func() RWLocker) {
	if e.unfair {
		return
	}
	for range e.times(50) {
		l := make().(tryRLocker)
		c := e.crew()
		var written atomic.Bool
		l.RLock()
		c.start(func() {
			l.Lock()
			written.Store(true)
			l.Unlock()
		})
		e.eventually("a waiting writer has to stop new readers", func() bool {
			if !l.TryRLock() {
				return true
			}
			l.RUnlock()
			return false
		})
		c.start(func() {
			l.RLock()
			if !written.Load() {
				e.Errorf("a reader overtook a waiting writer")
			}
			l.RUnlock()
		})
		runtime.Gosched()
		l.RUnlock()
		c.join("a writer, and a reader behind it")
	}
}

// checkWriterBehindReader lets a writer wait for a reader in vain.
func checkWriterBehindReader(e *env, make func() RWLocker) {
	l := make()
	checkTimedHeld(e, readLock{l}, l.(timedLocker))
}

// checkWriterGivesUp checks that a writer that gives up lets the readers behind it go on.
func checkWriterGivesUp(e *env, make func() RWLocker) {
	l := make()
	for i := range e.times(200) {
		random := e.rand(i)
		c := e.crew()
		l.RLock()
		c.start(func() {
			if l.(timedLocker).TryLockFor(time.Duration(1 + random.IntN(50_000))) {
				e.Errorf("a writer got in beside a reader")
				l.Unlock()
			}
		})
		for range 3 {
			c.start(func() { pass(readLock{l}) })
		}
		c.join("a writer that gives up, readers behind it, and a reader that stays inside")
		l.RUnlock()
	}
	pass(l)
}
