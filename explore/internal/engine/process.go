// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "unsafe"

// A Process is a group of threads that can be killed at once.
//
// Each step of its threads, and of the timers that they have started, reads the process's object, and Kill writes it. So
// steps of one process are not made dependent, but each depends on the kill: the search explores it before each of them.
type Process struct {
	number int // of the execution's processes; the first is 1
	obj    *object
	killed bool
}

// NewProcess returns a process without threads. It belongs to the current step of t.
func (t *Thread) NewProcess() *Process {
	x := t.x
	x.processes++
	p := &Process{number: x.processes}
	p.obj = x.objects.of(unsafe.Pointer(p))
	p.obj.process = p
	return p
}

// Process returns the number of the process of t, or 0 if t is in none. A thread is in the process of the thread that has started it.
func (t *Thread) Process() int {
	if t.process == nil {
		return 0
	}
	return t.process.number
}

// GoIn starts a goroutine as Go does, but in p.
func (t *Thread) GoIn(p *Process, f func()) *Thread { return t.start(p, f) }

// Kill kills the threads of p, and stops their timers, in a step: none of them makes another one. Their stacks are unwound when
// the execution is over, and deferred calls cannot take a step then. A thread that sleeps leaves the queues in which it waits
// if it has said how: see OnKill. What the threads have done is synchronized before Kill. If t is in p, Kill does not return.
func (t *Thread) Kill(p *Process) {
	x := t.x
	t.Step(&Op{Name: "kill", Addr: unsafe.Pointer(p), Access: Write})
	p.killed = true
	for _, other := range x.threads {
		if other.process != p {
			continue
		}
		if other.timer == nil {
			t.sync.join(&other.sync, len(x.threads)) // of those that have ended before, too
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
			if other.obj != nil {
				x.strategy.prevented(other)
			}
			if other.onKill != nil {
				other.onKill(t)
			}
		}
		if x.tracing {
			x.noteKill(t, other)
		}
	}
	if t.status == killed {
		x.switchTo(t, x.decide())
		x.mustGoOn()
	}
}

// Killed reports whether p was killed.
func (p *Process) Killed() bool { return p.killed }

// OnKill has f called by a Kill of t, as a part of that step of the thread by. A nil f ends that. It is for one who sleeps in a queue
// that threads of other processes use.
func (t *Thread) OnKill(f func(by *Thread)) { t.onKill = f }

// useProcess notes that the newest event, of t, depends on a kill of t. That comes last of all, so there is no race to look for.
func (x *execution) useProcess(t *Thread) {
	o := t.process.obj
	at := int32(len(x.events) - 1)
	x.accesses = append(x.accesses, access{at, o.last, o, Read})
	o.last = int32(len(x.accesses) - 1)
	x.events[at].n++
	o.all.join(&t.dep, len(x.threads))
}
