// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"time"
	"unsafe"
)

// clockStart is the time of an execution when it begins, in nanoseconds.
const clockStart = int64(1e15)

// clockJump is how far the clock jumps if Options.Jumps lets it: longer than what code waits for.
const clockJump = int64(1e9)

// Now returns the time of t, in nanoseconds. It is no step. Each thread has its own clock, which is not
// behind that of any step that comes before by the order of dependent steps. It stands still but when a timer
// of the thread fires, and when the engine lets it jump; so two threads that do not talk to each other
// never see each other's time.
func (t *Thread) Now(name string) int64 {
	x := t.x
	x.mustGoOn()
	if t.jumps < x.options.Jumps && t.Choose(name+": a second passes", 2) == 1 {
		t.jumps++
		t.now += clockJump
	}
	return t.now
}

// Date returns what the clocks of an execution show at a time. They begin in January 2000.
func Date(ns int64) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(ns - clockStart))
}

// A Timer fires at any time, if at all.
type Timer struct {
	thread *Thread
	name   string
	when   int64
	fire   func(timer *Thread)
}

// StartTimer starts a timer. It fires at a moment that the scheduler chooses, in a step of its own that
// writes the object at addr: the engine calls fire with the timer's thread, whose clock is at least when then.
// fire must not take a step; it may call Wake, Touch, Go and StartTimer. StartTimer belongs to the current step
// of t.
func (t *Thread) StartTimer(name string, when int64, addr unsafe.Pointer, fire func(timer *Thread)) *Timer {
	x := t.x
	timer := &Timer{name: name, when: when, fire: fire}
	thread := x.newThread(t)
	timer.thread, thread.timer = thread, timer
	if x.tracing {
		thread.startLen = callers(thread.startPC[:])
	}
	thread.op = Op{Name: name, Addr: addr, Access: Write}
	thread.obj = x.objects.of(addr)
	thread.status = pending
	return timer
}

// StopTimer keeps the timer from firing, and reports whether it has not fired yet. It is a step
// that writes the timer's object.
func (t *Thread) StopTimer(name string, timer *Timer) bool {
	t.Step(&Op{Name: name, Addr: timer.thread.op.Addr, Access: Write})
	if timer.thread.status == ended {
		return false
	}
	timer.Cancel()
	return true
}

// Cancel keeps the timer from firing. It belongs to a step that writes the timer's object.
func (timer *Timer) Cancel() {
	if t := timer.thread; t.status != ended {
		t.status = ended
		t.x.prevent(t)
	}
}

// Move makes addr the timer's object. It belongs to a step that writes both objects.
func (timer *Timer) Move(addr unsafe.Pointer) {
	t := timer.thread
	t.op.Addr, t.obj = addr, t.x.objects.of(addr)
}

// expire is the step of a timer's thread.
func (x *execution) expire(thread *Thread) {
	thread.status = ended
	thread.timer.fire(thread)
}
