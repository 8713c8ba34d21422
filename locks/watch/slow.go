// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/watch/internal/profile"
)

// A SlowWait is a wait that has lasted longer than the threshold of [OnSlow].
type SlowWait struct {
	Wait
	Ended        bool          // the wait has ended; otherwise it continues
	Lasted       time.Duration // until its end, or until it was observed
	LimitReached bool          // its limit ended it

	// UnlockedBy is the goroutine whose call, usually an Unlock, ended the wait. If the waiter was overtaken, so
	// that it was woken several times, UnlockedBy is the goroutine that woke it after the longest part of the wait.
	// UnlockedBy is the zero Unlocker if the wait continues, if its limit ended it, and if the waiter was woken in
	// time but ran too late, because it waited for a processor.
	UnlockedBy Unlocker

	// Dropped is the number of waits, since the previous call of f, for which f was not called because it was too
	// slow.
	Dropped int
}

// An Unlocker is a goroutine that ended a wait.
type Unlocker struct {
	Goroutine uint64 // its number, as in a stack dump
	Stack     Stack  // at that moment; it begins with the method of the lock
}

// A Stack is the call stack of a goroutine, the innermost call first.
type Stack []runtime.Frame

// String returns a line for each call, such as
//
//	main.(*server).reload (server.go:123)
//
// with the full path of the file.
func (s Stack) String() string {
	var b strings.Builder
	for _, f := range s {
		fmt.Fprintf(&b, "%s (%s:%d)\n", f.Function, f.File, f.Line)
	}
	return b.String()
}

// stackOf returns the stack that was recorded, beginning with the function of the lock.
func stackOf(noted *observe.Stack) Stack { return fromLock(profile.Frames(noted.PCs())) }

// OnSlow calls f for each wait that lasts for threshold or longer: once during the wait, unless it ends
// too soon for that, and once when it has ended. That includes the waits of every lock, named or not, and
// those for conditions, such as a worker that waits for work: f can check Exclusion, and the type and the
// name.
//
// Each OnSlow runs f in a goroutine of its own, one call after the other. So f may do anything, such as write to a
// log or wait for a lock. f is called with a delay of up to a quarter of threshold, but at least 10 ms and at most
// 250 ms. While f runs, up to 1024 waits that have ended are kept for it; further ones are dropped, and counted in
// [SlowWait.Dropped]. A panic in f ends the program.
//
// Call stop when f is no longer needed. It waits until f has been called for the waits that have ended before;
// then f is not called again. If f itself calls stop, stop does not wait, and this call of f is the last.
// Further calls of stop do nothing.
//
// While any OnSlow is active, each wait takes some 50 ns longer, to read the clock, and a slow wait takes some
// microseconds longer, to record stacks. OnSlow looks for slow current waits once per delay, which takes about 20 µs,
// and as much as [Waits] for each wait. If it finds a new one, in a program with at most 10,000 goroutines, it takes
// the stacks of all goroutines: that stops the program for about 3 µs for each goroutine, and for at most a hundredth
// of the time.
//
// In a bubble of testing/synctest, OnSlow sees the current waits of that bubble, by its clock. Call stop before
// the bubble ends. Outside of bubbles, OnSlow sees a wait in a bubble only after it has ended.
func OnSlow(threshold time.Duration, f func(SlowWait)) (stop func()) {
	if f == nil {
		panic("watch: OnSlow without a function")
	}
	s := &slowWatch{
		threshold: max(threshold, 0),
		f:         f,
		quit:      make(chan struct{}),
		done:      make(chan struct{}),
		known:     map[slowID]int{},
	}
	slowWatches.change(func(list []*slowWatch) []*slowWatch { return append(list, s) })
	go s.run()
	return s.stop
}

const (
	slowRoom      = 1024 // waits that have ended, for each slowWatch
	slowPatience  = 1000 // looks that do not find a wait before it counts as a new one
	soonest       = 10 * time.Millisecond
	latest        = 250 * time.Millisecond
	looksPerLimit = 4 // per threshold
)

// A slowWatch is a call of OnSlow.
type slowWatch struct {
	threshold time.Duration
	f         func(SlowWait)
	once      sync.Once
	quit      chan struct{} // closed by stop
	done      chan struct{} // closed when the goroutine ends
	goroutine atomic.Uint64 // its number
	quiet     atomic.Bool   // f has called stop

	// The waits that have ended and are to be reported, the last one first. Their goroutines push, and
	// that of the slowWatch takes all.
	ended   atomic.Pointer[slowEnd]
	n       atomic.Int32
	dropped atomic.Int32

	known map[slowID]int // the waits that f was called for before their end, with the number of the last look
	looks int
	dumper
}

// A slowID identifies a wait.
type slowID struct {
	waiter    uintptr
	began     int64
	goroutine uint64
}

func idOf(w *observe.Wait) slowID { return slowID{w.Waiter, w.Began, w.Goroutine} }

// A slowEnd is a slow wait that has ended.
type slowEnd struct {
	next  *slowEnd
	end   observe.End
	stack observe.Stack
}

// noteSlow keeps a wait that has ended for each slowWatch whose threshold it has reached. It obeys the
// rules of [observe.Ended].
//
//go:norace
func noteSlow(e *observe.End, took time.Duration) {
	list := slowWatches.list.Load()
	if list == nil || took < time.Duration(observe.SlowAfter()) {
		return
	}
	var stack *observe.Stack
	for _, s := range *list {
		if took < s.threshold {
			continue
		}
		if s.n.Add(1) > slowRoom {
			s.n.Add(-1)
			s.dropped.Add(1)
			continue
		}
		se := &slowEnd{end: *e}
		if stack == nil {
			const skip = 2 // noteSlow, ended
			se.stack.Note(skip)
			stack = &se.stack
		} else {
			se.stack = *stack
		}
		race.Enable() // f may read data that was written before the wait, such as the fields of the lock
		race.ReleaseMerge(unsafe.Pointer(se))
		race.Disable()
		for {
			se.next = s.ended.Load()
			if s.ended.CompareAndSwap(se.next, se) {
				break
			}
		}
	}
}

// run looks for slow waits until stop is called.
func (s *slowWatch) run() {
	defer close(s.done)
	defer slowWatches.remove(s) // in case f ends the goroutine, as FailNow of a test does
	_, number := goid.Self()
	s.goroutine.Store(number)
	tick := time.NewTicker(min(max(s.threshold/looksPerLimit, soonest), latest))
	defer tick.Stop()
	for {
		select {
		case <-s.quit:
			s.tellEnded()
			return
		case <-tick.C:
			s.tellLasting()
			s.tellEnded()
		}
	}
}

func (s *slowWatch) stop() {
	slowWatches.remove(s)
	_, caller := goid.Self()
	byF := caller == s.goroutine.Load()
	if byF {
		s.quiet.Store(true)
	}
	s.once.Do(func() { close(s.quit) })
	if !byF {
		<-s.done
	}
}

// tell calls f.
func (s *slowWatch) tell(w SlowWait) {
	if !s.quiet.Load() {
		w.Dropped = int(s.dropped.Swap(0))
		s.f(w)
	}
}

// tellLasting calls f for the current waits that are slow and new.
func (s *slowWatch) tellLasting() {
	s.looks++
	var fresh []SlowWait
	now, monoNow := time.Now(), mono.Now()
	observe.Visit(func(w *observe.Wait) {
		took, id := lasted(w.Began, monoNow), idOf(w)
		if took < s.threshold || took == 0 {
			return
		}
		if _, known := s.known[id]; !known {
			fresh = append(fresh, SlowWait{Wait: waitOf(w, now, monoNow), Lasted: took})
		}
		s.known[id] = s.looks
	})
	// A waiter that is overtaken is awake now and then, and not seen in that case.
	maps.DeleteFunc(s.known, func(_ slowID, look int) bool { return s.looks-look > slowPatience })
	if len(fresh) == 0 {
		return
	}
	stacks := s.stacks()
	for _, w := range fresh {
		w.Stack = stacks[w.Goroutine]
		s.tell(w)
	}
}

// tellEnded calls f for the waits that have ended, in the order of their ends.
func (s *slowWatch) tellEnded() {
	var first *slowEnd
	for se := s.ended.Swap(nil); se != nil; {
		se.next, first, se = first, se, se.next
	}
	for se := first; se != nil; se = se.next {
		s.n.Add(-1)
		race.Acquire(unsafe.Pointer(se))
		delete(s.known, idOf(&se.end.Wait))
		e := &se.end
		w := SlowWait{
			Wait:         waitOf(&e.Wait, time.Now(), mono.Now()),
			Ended:        true,
			Lasted:       lasted(e.Began, e.Ended),
			LimitReached: e.LimitReached,
		}
		w.Stack = stackOf(&se.stack)
		if e.Waker != nil && !e.LimitReached {
			w.UnlockedBy = Unlocker{e.Waker.Goroutine, stackOf(&e.Waker.Stack)}
		}
		s.tell(w)
	}
}

// slowWatches has the active calls of OnSlow.
var slowWatches slowList

type slowList struct {
	mu   sync.Mutex // locked by goroutines that change the list
	_    cacheline.Pad
	list atomic.Pointer[[]*slowWatch] // nil if there are none
	_    cacheline.Pad
}

func (l *slowList) remove(s *slowWatch) {
	l.change(func(list []*slowWatch) []*slowWatch {
		return slices.DeleteFunc(list, func(other *slowWatch) bool { return other == s })
	})
}

// change changes a copy of the list.
func (l *slowList) change(f func([]*slowWatch) []*slowWatch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*slowWatch
	if old := l.list.Load(); old != nil {
		list = slices.Clone(*old)
	}
	list = f(list)
	least := time.Duration(math.MaxInt64)
	for _, s := range list {
		least = min(least, s.threshold)
	}
	observe.SetSlowAfter(int64(least))
	if len(list) > 0 {
		l.list.Store(&list)
		observe.Switch(observe.Slow, 0)
	} else {
		l.list.Store(nil)
		observe.Switch(0, observe.Slow)
	}
}
