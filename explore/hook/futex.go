// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"slices"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A FutexEnd is the reason why FutexWait returned.
type FutexEnd int

const (
	FutexDiffers   FutexEnd = iota // the word did not hold the value
	FutexWoken                     // a FutexWake
	FutexDeadline                  // the deadline
	FutexNoReason                  // none: a spurious wake-up
	FutexInterrupt                 // a signal
)

// A futexQueue holds the threads that sleep on a word, in FIFO order.
type futexQueue struct{ sleepers []*sleeper }

// A sleeper is a thread in FutexWait.
type sleeper struct {
	thread *engine.Thread
	waiter *engine.Waiter
	queue  *futexQueue
	timers []*engine.Timer
	end    FutexEnd
}

// queueObject returns the object that represents the queue of a word. A wake does not use the word itself.
func queueObject(addr unsafe.Pointer) unsafe.Pointer { return unsafe.Add(addr, 1) }

func queueOf(t *engine.Thread, addr unsafe.Pointer) *futexQueue {
	return t.State(queueObject(addr), func() any { return new(futexQueue) }).(*futexQueue)
}

// remove removes s from its queue.
func (s *sleeper) remove() {
	if i := slices.Index(s.queue.sleepers, s); i >= 0 {
		s.queue.sleepers = slices.Delete(slices.Clone(s.queue.sleepers), i, i+1)
	}
}

// leave removes s from its queue and wakes it. by is the thread whose step does that.
func (s *sleeper) leave(by *engine.Thread, end FutexEnd) {
	s.remove()
	for _, timer := range s.timers {
		timer.Cancel()
	}
	s.end = end
	s.waiter.WakeRelaxed(by)
}

func (s *sleeper) startTimer(t *engine.Thread, name string, when int64, addr unsafe.Pointer, end FutexEnd) {
	s.timers = append(s.timers, t.StartTimer(name, when, queueObject(addr), func(timer *engine.Thread) { s.leave(timer, end) }))
}

// spuriousEnds is the key under which a thread keeps its remaining number of spurious wake-ups.
var spuriousEnds byte

// FutexWait blocks the calling goroutine, which must be explored, if *addr is old: until a FutexWake, until the deadline by
// [Nanotime] if that is not negative, or until a spurious wake-up. Comparing and going to sleep is one step. A wake and a
// deadline never both end a wait. Neither orders memory.
func FutexWait(addr unsafe.Pointer, old uint32, deadline int64) FutexEnd {
	return futexWait(addr, old, deadline, nil)
}

// FutexWaitLate is FutexWait with a deadline that expires only when no goroutine can go on and may reports true.
func FutexWaitLate(addr unsafe.Pointer, old uint32, deadline int64, may func() bool) FutexEnd {
	return futexWait(addr, old, deadline, may)
}

func futexWait(addr unsafe.Pointer, old uint32, deadline int64, late func() bool) FutexEnd {
	t := engine.Self()
	left := t.Own(unsafe.Pointer(&spuriousEnds), func() any { n := t.Spurious(); return &n }).(*int)
	op := engine.Op{
		Name: "futex wait", Addr: addr, Access: engine.Read, Word: engine.Word32,
		Compare: true, Old: uint64(old), Then: []unsafe.Pointer{queueObject(addr)}, Relaxed: true,
	}
	if !t.StepCompare(&op) {
		return FutexDiffers
	}
	q := queueOf(t, addr)
	s := &sleeper{thread: t, waiter: t.NewWaiter(), queue: q}
	q.sleepers = append(q.sleepers, s)
	if late != nil {
		s.waiter.Late(func() bool {
			if !late() {
				return false
			}
			t.PassTo("time passes", deadline)
			s.leave(t, FutexDeadline)
			return true
		})
	} else if deadline >= 0 {
		s.startTimer(t, "futex deadline", deadline, addr, FutexDeadline)
	}
	if *left > 0 {
		if n := t.Choose("futex wait ends for no reason", 3); n > 0 {
			*left--
			s.startTimer(t, "futex wait ends", 0, addr, []FutexEnd{FutexNoReason, FutexInterrupt}[n-1])
		}
	}
	t.OnKill(s.remove, queueObject(addr))
	s.waiter.Sleep("futex wait", addr)
	t.OnKill(nil)
	return s.end
}

// FutexWake wakes up to n of the threads that sleep on addr, in FIFO order, and returns how many it woke.
func FutexWake(addr unsafe.Pointer, n int) (woken int) {
	t := engine.Self()
	t.Step(&engine.Op{Name: "futex wake", Addr: queueObject(addr), Access: engine.Write, Relaxed: true})
	return queueOf(t, addr).wake(t, n)
}

func (q *futexQueue) wake(t *engine.Thread, n int) (woken int) {
	for ; woken < n && len(q.sleepers) > 0; woken++ {
		q.sleepers[0].leave(t, FutexWoken)
	}
	return woken
}

// FutexStoreWake stores a value at addr and wakes up to n of the threads that sleep there, in one step.
func FutexStoreWake(addr unsafe.Pointer, value uint32, n int) {
	t := engine.Self()
	t.Step(&engine.Op{Name: "futex store and wake", Addr: addr, Access: engine.Store, Word: engine.Word32, More: []unsafe.Pointer{queueObject(addr)}})
	*(*uint32)(addr) = value
	queueOf(t, addr).wake(t, n)
}

// FutexRequeue wakes up to wake of the threads that sleep on from and requeues up to move of the others to to, if *from
// is old. It returns how many threads it woke and requeued, or -1 if *from is not old.
func FutexRequeue(from unsafe.Pointer, old uint32, wake int, to unsafe.Pointer, move int) int {
	t := engine.Self()
	op := engine.Op{
		Name: "futex requeue", Addr: from, Access: engine.Read, Word: engine.Word32,
		Compare: true, Old: uint64(old), Then: []unsafe.Pointer{queueObject(from), queueObject(to)}, Relaxed: true,
	}
	if !t.StepCompare(&op) {
		return -1
	}
	q1, q2 := queueOf(t, from), queueOf(t, to)
	n := q1.wake(t, wake)
	moved := min(move, len(q1.sleepers))
	for _, s := range q1.sleepers[:moved] {
		s.queue = q2
		s.thread.OnKill(s.remove, queueObject(to))
		for _, timer := range s.timers {
			timer.Move(queueObject(to))
		}
	}
	q2.sleepers = append(q2.sleepers, q1.sleepers[:moved]...)
	q1.sleepers = q1.sleepers[moved:]
	return n + moved
}

// Exploring reports whether the calling goroutine is explored.
func Exploring() bool { return engine.Self() != nil }

// Process returns the number of the calling goroutine's process, or 0 if it is in none. The goroutine must be explored.
func Process() int { return engine.Self().Process() }

// Nanotime returns the time of the calling goroutine, which must be explored.
func Nanotime() int64 { return engine.Self().Now("clock") }
