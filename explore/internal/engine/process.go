// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"slices"
	"unsafe"
)

// A Process is a group of threads that can be killed together.
//
// Each step of its threads, and of the timers that they started, reads the process's object, and Kill writes it. So the steps
// of a process do not depend on each other, but each depends on the kill: the search explores the kill before each of them. A
// step that wakes a thread of the process, or starts one in it, reads the object, too.
type Process struct {
	number int // its number in the execution; the first is 1
	obj    *object
	killed bool
}

// NewProcess returns a new process without threads. It is part of the current step of t.
func (t *Thread) NewProcess() *Process {
	x := t.x
	x.processes++
	p := &Process{number: x.processes}
	p.obj = x.objects.of(unsafe.Pointer(p))
	p.obj.process = p
	return p
}

// Process returns the number of the process of t, or 0 if t is in none. A thread is in the process of the thread that started it.
func (t *Thread) Process() int {
	if t.process == nil {
		return 0
	}
	return t.process.number
}

// GoIn starts a goroutine as Go does, but in p. It returns nil if p was killed.
func (t *Thread) GoIn(p *Process, f func()) *Thread { return t.start(p, f) }

// Kill kills the threads of p, and stops their timers, in a step: none of them takes another step. Their stacks are unwound
// when the execution is over, and deferred calls cannot take steps then. A sleeping thread leaves the queues in which it waits
// if it has called OnKill. Everything that the threads did is synchronized before Kill, which calls gone as part of its step.
// If t is in p, Kill does not return.
func (t *Thread) Kill(p *Process, gone func()) {
	x := t.x
	t.Step(&Op{Name: "kill", Addr: unsafe.Pointer(p), Access: Write})
	p.killed = true
	for _, other := range x.threads {
		if other.process != p {
			continue
		}
		if other.timer == nil {
			t.sync.join(&other.sync, len(x.threads)) // also of those that ended earlier
		}
		if other != t && other.status != pending {
			continue
		}
		if other.timer != nil {
			other.timer.Cancel()
			continue
		}
		other.status = killed
		if other != t {
			x.prevent(other)
			for _, o := range other.queues {
				x.touch(t, o)
			}
			if other.onKill != nil {
				other.onKill()
			}
		}
		if x.tracing {
			x.noteKill(t, other)
		}
	}
	gone()
	if t.status == killed {
		x.switchTo(t, x.decide())
		x.mustGoOn()
	}
}

// OnKill arranges that a Kill of t calls leave as part of its step, which writes the queues. A nil leave cancels that. OnKill
// is for a thread that sleeps in queues that threads of other processes use.
func (t *Thread) OnKill(leave func(), queues ...unsafe.Pointer) {
	t.onKill, t.queues = leave, t.queues[:0]
	for _, addr := range queues {
		t.queues = append(t.queues, t.x.objects.of(addr))
	}
}

// inQueue reports whether a kill of p would write o because a thread of p sleeps there.
func (x *execution) inQueue(p *Process, o *object) bool {
	for _, t := range x.threads {
		if t.process == p && slices.Contains(t.queues, o) {
			return true
		}
	}
	return false
}

// kills reports whether a is the access of a kill to the process. Any step that another thread is about to take can depend on
// that: only the step itself shows whether it wakes a thread of the process, or starts one there.
func (a *access) kills() bool { return a.obj.process != nil && a.kind == Write }

// useProcess records that the newest event affects p, so that the event depends on a kill of p.
func (x *execution) useProcess(p *Process) {
	if len(x.events) == 0 {
		return
	}
	o, e := p.obj, &x.events[len(x.events)-1]
	t := x.threads[e.thread]
	if p.killed {
		x.after.join(o.before(Read), len(x.threads))
		if e.node >= 0 {
			x.strategy.races(t, o, Read)
		}
		t.dep.join(o.before(Read), len(x.threads))
	}
	x.access(o, Read, false)
	o.all.join(&t.dep, len(x.threads))
	e.clock = t.dep
}

// prevent records that the newest event keeps t from taking the step that t was about to take: see search.prevented.
func (x *execution) prevent(t *Thread) {
	x.strategy.prevented(t)
	for o, kind := range t.uses() {
		x.access(o, kind, true)
	}
}
