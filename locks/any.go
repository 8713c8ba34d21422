// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A Waitable is something that [WaitAny] can wait for. These exist, each with what a wait for it
// takes:
//
//	*Event                    until it is set; takes nothing
//	*AutoEvent                a Set
//	*Latch                    until it is open; takes nothing
//	*WaitGroup                until no task is unfinished; takes nothing
//	*Mutex, *FairMutex        the lock, which the caller then has to unlock
//	Semaphore.Acquiring(n)    n units, which the caller then has to release
//
// An RWMutex is not a Waitable, because a writer waits in two queues, one after the other. Neither is a Cond,
// whose waiters must lock L again, nor a Barrier, whose other parties would be left waiting for a party that went
// on with another source.
type Waitable interface {
	// tryAny takes what a wait would take, if that needs no wait, and reports whether it did.
	tryAny() bool
	// anyCase returns the case with which package park waits for this source.
	anyCase() park.Case
	// After the wait, wonAny is called on the source that ended it, with the token, and lostAny on the
	// others.
	wonAny(token uint32) error
	lostAny()
}

// WaitAny waits for the first of several sources, and returns its index:
//
//	switch i, err := locks.WaitAny(park.For(time.Second), &stop, jobs.Acquiring(1)); {
//	case err != nil: // the second has passed
//	case i == 0: // stop is set
//	case i == 1: // one unit of jobs was acquired
//	}
//
// WaitAny takes what a wait takes, such as the lock, from exactly one source: the one whose index it returns. If
// several sources are ready when WaitAny is called, it takes the first of them in the order of the arguments. Otherwise
// it takes the first that becomes ready. WaitAny has a place in each queue until it returns; the waiters behind it then
// move up. It can be overtaken in a queue in which other waiters can be, and in no other. If it is the longest waiter
// of a Mutex, the next Unlock hands the lock off to it instead of waking it to try again, so a Mutex has less
// throughput while goroutines wait for it in WaitAny.
//
// If limit is reached first, WaitAny takes nothing. It returns -1, and an error that wraps [os.ErrDeadlineExceeded], or
// what [park.Ended] returns if limit is a context. The zero Limit is never reached. WaitAny tries all sources before it
// looks at limit; see [Mutex.LockLimit]. Without sources it sleeps until limit. If a Semaphore has a capacity below the
// number of units requested, WaitAny returns its index and [ErrTooLarge], unless another source is ready when WaitAny
// is called.
//
// A source may be given twice; WaitAny then returns either index. A goroutine waits in the Go scheduler, and a pinned
// thread (see package thread) in the kernel, on one word, however many sources there are. In a bubble of
// testing/synctest the wait is durable, even for a Mutex, so it must be ended from the same bubble. A WaitAny that does
// not wait costs a try for each source; one that waits costs about 0.25 µs for each source, and a wake-up. It allocates
// a channel and a timer if it has a limit, and memory for sources beyond the eighth.
//
// To wait for one of these and for channels in one select, see [Event.Chan]. To wait for channels alone, use select.
//
// In the terms of [the Go memory model], what synchronizes before the return of a wait for a source synchronizes before
// the return of the WaitAny that takes that source. The other sources establish no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
func WaitAny(limit park.Limit, sources ...Waitable) (index int, err error) {
	if i := tryAny(sources); i >= 0 {
		return i, nil
	}
	index, token, err := sleepAny(limit, sources)
	if err == nil {
		return index, sources[index].wonAny(token)
	}
	if i := tryAny(sources); i >= 0 { // the goroutine that made it ready has yet to wake the queue
		return i, nil
	}
	return -1, err
}

// tryAny tries the sources in turn. It returns the index of the first that was ready, or -1.
func tryAny(sources []Waitable) int {
	for i, s := range sources {
		if s.tryAny() {
			return i
		}
	}
	return -1
}

// sleepAny is the part of WaitAny that may sleep.
func sleepAny(limit park.Limit, sources []Waitable) (index int, token uint32, err error) {
	index = -1
	defer func() { // also if a source panics
		for i, s := range sources {
			if i != index {
				s.lostAny()
			}
		}
	}()
	var few [8]park.Case
	cases := few[:0]
	for _, s := range sources {
		cases = append(cases, s.anyCase())
	}
	return park.SleepAny(limit, cases)
}

func (e *Event) tryAny() bool        { return e.IsSet() }
func (e *Event) wonAny(uint32) error { return nil }
func (e *Event) lostAny()            {}
func (e *Event) anyCase() park.Case {
	return park.Case{Addr: &e.state, Enqueuer: (*eventQueue)(&e.state), Tag: eventSet, Kind: park.Condition}
}

func (e *AutoEvent) tryAny() bool        { return e.tryWait() }
func (e *AutoEvent) wonAny(uint32) error { return nil }
func (e *AutoEvent) lostAny()            {}
func (e *AutoEvent) anyCase() park.Case {
	return park.Case{Addr: &e.state, Enqueuer: (*eventQueue)(&e.state), Tag: 0, Kind: park.Condition}
}

func (l *Latch) tryAny() bool        { return l.open() }
func (l *Latch) wonAny(uint32) error { return nil }
func (l *Latch) lostAny()            {}
func (l *Latch) anyCase() park.Case {
	return park.Case{Addr: &l.state, Enqueuer: (*latchQueue)(l), Kind: park.Condition}
}

func (wg *WaitGroup) tryAny() bool { return wg.finished() }
func (wg *WaitGroup) lostAny()     {}
func (wg *WaitGroup) wonAny(uint32) error {
	if !wg.finished() {
		panic("locks: WaitGroup is reused before previous Wait has returned")
	}
	return nil
}

func (wg *WaitGroup) anyCase() park.Case {
	return park.Case{Addr: &wg.queue, Enqueuer: (*waitGroupQueue)(wg), Kind: park.Condition}
}

func (m *Mutex) tryAny() bool { return m.TryLock() }
func (m *Mutex) lostAny()     {}
func (m *Mutex) wonAny(uint32) error {
	if debugging {
		noteLocked(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	return nil
}

func (m *Mutex) anyCase() park.Case {
	return park.Case{Addr: &m.state, Enqueuer: (*mutexAnyQueue)(m), Tag: mutexNoRetry, Kind: park.Exclusion}
}

// A mutexAnyQueue is a Mutex as an Enqueuer for WaitAny. A waiter of WaitAny loses its places in the other queues when
// it is woken, so it cannot be woken to try again. Its tag says so; see wakeHead.
type mutexAnyQueue Mutex

// Enqueue locks m if it is free, as TryLock does, and puts w into the queue otherwise.
func (m *mutexAnyQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	for {
		s := m.state.Load()
		switch {
		case s&(mutexLocked|mutexHandOff) == 0:
			if m.state.CompareAndSwap(s, s|mutexLocked) { // acquire
				return tokenGranted
			}
		case m.state.CompareAndSwap(s, s|mutexParked): // by invariant 3
			q.Push(w)
			return 0
		}
	}
}

// GiveUp keeps invariant 1.
func (m *mutexAnyQueue) GiveUp(q park.Queue, _ *park.Waiter) { clearIfEmpty(q, &m.state, mutexParked) }

func (m *FairMutex) tryAny() bool { return m.TryLock() }
func (m *FairMutex) lostAny()     {}
func (m *FairMutex) wonAny(uint32) error {
	if debugging {
		noteLocked(unsafe.Pointer(m), typeFairMutex, debugWrite)
	}
	return nil
}

func (m *FairMutex) anyCase() park.Case {
	return park.Case{Addr: &m.state, Enqueuer: (*fairQueue)(m), Kind: park.Exclusion}
}

// Acquiring returns an acquisition of n units for [WaitAny]. Acquiring itself acquires nothing, and its result may be
// used repeatedly. It panics if n is negative.
func (s *Semaphore) Acquiring(n int64) Waitable {
	mustBeWeight(n)
	return acquiring{s, n}
}

// An acquiring is n units of a Semaphore.
type acquiring struct {
	s *Semaphore
	n int64
}

func (a acquiring) tryAny() bool { return a.s.tryAcquire(a.n) }
func (a acquiring) wonAny(token uint32) error {
	if token == tokenTooLarge {
		return ErrTooLarge
	}
	return nil
}

func (a acquiring) anyCase() park.Case {
	return park.Case{Addr: &a.s.queue, Enqueuer: (*semQueue)(a.s), Tag: uint64(a.n), Kind: park.Condition}
}

// lostAny serves the requests that were queued behind a, by invariant 3.
func (a acquiring) lostAny() {
	if a.s.state.Load()&semQueued != 0 {
		a.s.serve()
	}
}
