// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"math/bits"
)

// A strategy decides the order of the steps.
type strategy interface {
	begin(x *execution)             // an execution begins
	thread(enabled set) int         // chooses the thread of the next step
	number(n int) int               // chooses a number from 0 up to n-1
	node() int                      // the node of the step just chosen, for races, or -1
	races(*Thread, *object, Access) // a thread uses an object in the newest step
	prevented(*Thread)              // the newest step keeps a thread from taking the step that it was about to take
	cut()                           // the execution was cut off
	end() (more bool)               // the execution is over; is there another?
}

// A search explores every order of dependent steps, depth first. It does not store states: it runs
// the test repeatedly, and keeps the path to the current execution as a stack of nodes.
//
// It is the source-set algorithm of Abdulla, Aronis, Jonsson and Sagonas, Optimal Dynamic Partial Order
// Reduction (POPL 2014; Source Sets, JACM 64, 2017), with sleep sets (Godefroid 1996). For each pair of
// steps in a race (dependent, of different threads, with no third step between them in the order of
// dependent steps), it explores, before the first of the pair, a thread that can begin an execution with
// the pair in reverse order.
type search struct {
	x     *execution
	nodes []node
	depth int // nodes that this execution has passed
	fresh int // nodes from here on are new in this execution: the races of earlier steps are known

	free      bool // the rest of this execution is known from other executions
	wasCut    bool
	redundant int
	cuts      int
	bounded   bool // the bound on preemptions left something out
}

// A node is a point of an execution at which the scheduler has a choice.
type node struct {
	enabled     set // threads that could go on
	spinning    set // threads that could, but would only reread the same unchanged words
	backtrack   set // threads to explore from here
	sleep       set // threads that need not be explored, as their steps were explored from an equivalent state
	chosen      int32
	last        int32 // the thread of the step before, or -1 if it has yielded since
	event       int32 // the number of the step
	preemptions int32 // up to here
	number      int32 // the number of alternatives, if the choice is a number
	signature   uint64
}

func (s *search) begin(x *execution) { s.x, s.depth, s.free, s.wasCut = x, 0, false, false }

func (s *search) node() int {
	if s.free {
		return -1
	}
	return s.depth - 1
}

func (s *search) thread(enabled set) int {
	x := s.x
	if s.free {
		return x.goOn(enabled)
	}
	if s.depth < len(s.nodes) {
		n := &s.nodes[s.depth]
		if n.number != 0 || n.enabled != enabled || n.signature != x.signature(enabled) {
			x.notDeterministic(s.depth)
			return x.goOn(enabled)
		}
		s.depth++
		return int(n.chosen)
	}
	n := node{enabled: enabled, spinning: x.spinningThreads(), last: -1, event: int32(len(x.events)), signature: x.signature(enabled)}
	if x.last != nil && !x.last.yielded {
		n.last = int32(x.last.id)
	}
	if s.depth > 0 {
		n.sleep, n.preemptions = s.inherit(enabled)
	}
	awake := enabled &^ n.sleep
	if awake == 0 {
		s.free = true
		s.redundant++
		return x.goOn(enabled)
	}
	n.chosen = int32(x.goOn(awake))
	n.backtrack = only(int(n.chosen))
	if free := n.last < 0 || !enabled.has(int(n.last)); x.options.unreduced || x.options.Preemptions >= 0 && free {
		n.backtrack = enabled // a switch that is not a preemption can be the only way to reach an order
	}
	s.nodes = append(s.nodes, n)
	s.depth++
	return int(n.chosen)
}

// inherit returns the threads that sleep at a new node, and the preemptions up to it: those that slept at
// the node before, or were explored from there, and are independent of the step taken there.
func (s *search) inherit(enabled set) (sleep set, preemptions int32) {
	before := &s.nodes[s.depth-1]
	preemptions = before.preemptions
	if before.number != 0 {
		return before.sleep, preemptions
	}
	if before.preempts(int(before.chosen)) {
		preemptions++
	}
	x := s.x
	if x.options.Preemptions >= 0 || x.options.unreduced {
		return 0, preemptions // the sleeping threads were explored, but perhaps not with as few preemptions
	}
	sleep = before.sleep & enabled
	for rest := sleep; rest != 0; rest &= rest - 1 {
		id := bits.TrailingZeros32(uint32(rest))
		if id == int(before.chosen) || x.dependent(x.threads[id], &x.events[before.event]) {
			sleep &^= only(id)
		}
	}
	return sleep, preemptions
}

// preempts reports whether choosing the thread at n is a preemption.
func (n *node) preempts(thread int) bool {
	return n.last >= 0 && int(n.last) != thread && n.enabled.has(int(n.last))
}

func (s *search) number(count int) int {
	if s.free {
		return 0
	}
	if s.depth < len(s.nodes) {
		n := &s.nodes[s.depth]
		if int(n.number) != count {
			s.x.notDeterministic(s.depth)
			return 0
		}
		s.depth++
		return int(n.chosen)
	}
	n := node{number: int32(count), event: int32(len(s.x.events))}
	if s.depth > 0 {
		// All threads are as they were at the previous node, after its step.
		n.sleep, n.preemptions = s.inherit(^set(0))
	}
	s.nodes = append(s.nodes, n)
	s.depth++
	return 0
}

// races finds the steps that are in a race with the newest one, of t, through its use of o, and schedules the other
// order for exploration.
//
// A step that waits is not in a race with steps before which it was not possible, but it is with earlier ones.
func (s *search) races(t *Thread, o *object, kind Access) { s.findRaces(t, o, kind, &s.x.after) }

// findRaces is races for a step of t that is the newest one, or would have been taken in its place. after is the clock
// of the step.
func (s *search) findRaces(t *Thread, o *object, kind Access, after *clock) {
	if s.free || s.depth <= s.fresh {
		return
	}
	x := s.x
	n := len(x.threads)
	newest := int32(len(x.events) - 1)
	waits := t.op.Ready != nil && !t.op.Try
	before := t.dep // extended by the steps that are found to come before the newest one
	for at := o.last; at >= 0; {
		a := &x.accesses[at]
		at = a.before
		if a.event == newest {
			continue
		}
		e := &x.events[a.event]
		if e.thread == t.id || before[e.thread] >= e.clock[e.thread] {
			if a.kind.isWrite() && !a.prevented {
				return // all earlier steps come before that one
			}
			continue
		}
		if !conflicts(a.kind, kind) {
			continue
		}
		// If preemptions are bounded, the pair matters all the same: if t comes earlier and has to wait, the switch
		// back is not a preemption.
		arrived := int(a.event) >= t.arrived && e.node >= 0 // t was about to take its step before e
		if waits && (!mayBeCoEnabled(a.kind, kind) || arrived && !s.nodes[e.node].enabled.has(t.id)) {
			if x.options.Preemptions >= 0 {
				s.reverse(int(a.event), t, after) // if t comes earlier and has to wait, the switch back is no preemption
			}
			continue
		}
		s.reverse(int(a.event), t, after)
		if waits && !arrived || a.prevented {
			continue // it may have been impossible before e, too; a prevented step comes before nothing
		}
		if a.kind.isWrite() {
			return
		}
		before.join(&e.clock, n)
	}
}

// prevented schedules the orders in which t takes the step that the newest one, say k, prevented. There are three kinds
// of them:
//   - The step comes in place of k: t is explored from there.
//   - The step comes earlier, before one that it depends on: it is in the same races as if it were taken in place of k. The
//     execution that takes it there does not show those races if it has to wait at that point, or costs one preemption too
//     many.
//   - The step comes later, after one that it depends on, and k comes after both. In the current execution that one follows k, on
//     which it does not depend. So the step of t counts as an access by k, and what conflicts with it is in a race with k: see
//     execution.prevent. A sleep set needs this, too. That t sleeps where k is taken means that its step was explored there,
//     before everything that follows, but not after it.
func (s *search) prevented(t *Thread) {
	if s.free || s.depth <= s.fresh {
		return
	}
	x := s.x
	newest := len(x.events) - 1
	at := x.events[newest].node
	if at < 0 {
		return
	}
	if s.nodes[at].enabled.has(t.id) {
		s.add(at, only(t.id), t.id)
	}
	after := t.dep
	after[t.id]++
	for o, kind := range t.uses() {
		for i := o.last; i >= 0; i = x.accesses[i].before {
			a := &x.accesses[i]
			if int(a.event) != newest && !a.prevented && conflicts(a.kind, kind) {
				after.join(&x.events[a.event].clock, len(x.threads))
			}
		}
	}
	for o, kind := range t.uses() {
		s.findRaces(t, o, kind, &after)
	}
}

// reverse schedules an execution in which the newest step, or one in its place, comes before event number first. The
// newest step is of t, and after is its clock. See definition 4.1 of the paper: initials are the threads whose steps
// can begin the part after first without depending on first.
func (s *search) reverse(first int, t *Thread, after *clock) {
	x := s.x
	e := &x.events[first]
	if e.node < 0 {
		return
	}
	n := len(x.threads)
	var seen, initials set
	var begins clock // the first step of each thread in that part
	for i := first + 1; i < len(x.events); i++ {
		f := &x.events[i]
		thread, c := f.thread, &f.clock
		if i == len(x.events)-1 {
			thread, c = t.id, after
		} else if c[e.thread] >= e.clock[e.thread] {
			continue // it depends on first
		}
		if seen.has(thread) {
			continue
		}
		seen |= only(thread)
		begins[thread] = c[thread]
		independent := true
		for id := range n {
			if id != thread && begins[id] != 0 && c[id] >= begins[id] {
				independent = false
				break
			}
		}
		if independent {
			initials |= only(thread)
		}
	}
	s.add(e.node, initials, t.id)
}

// add adds one of the initials to the threads that are explored from a node, unless the node already has one.
func (s *search) add(at int, initials set, preferred int) {
	n := &s.nodes[at]
	able := n.enabled & initials
	if s.x.options.Preemptions >= 0 && able != 0 {
		s.wake(at, able) // each can be the only one that leads there with few preemptions
		return
	}
	if n.backtrack&initials != 0 || able == 0 && n.spinning&initials != 0 {
		return
	}
	switch {
	case able.has(preferred):
		s.wake(at, only(preferred))
	case able != 0:
		s.wake(at, able&-able)
	default:
		s.wake(at, n.enabled)
	}
}

// wake adds threads to those that are explored from a node. If preemptions are bounded, the choice can exceed the bound
// there, so the same threads are also explored from the node at which the preempted thread began (Coons, Musuvathi and
// McKinley, Bounded partial-order reduction, OOPSLA 2013).
func (s *search) wake(at int, threads set) {
	s.nodes[at].backtrack |= threads
	if s.x.options.Preemptions < 0 {
		return
	}
	for i := at; i >= 0; i-- {
		n := &s.nodes[i]
		if n.number == 0 && int(n.last) != int(n.chosen) {
			if able := threads & n.enabled; able != 0 {
				n.backtrack |= able
			} else {
				n.backtrack |= n.enabled
			}
			return
		}
	}
}

func (s *search) cut() {
	if !s.wasCut {
		s.wasCut = true
		s.cuts++
	}
}

// end backtracks to the newest node at which something is left to explore.
func (s *search) end() (more bool) {
	for len(s.nodes) > 0 {
		n := &s.nodes[len(s.nodes)-1]
		if n.number != 0 {
			if n.chosen++; n.chosen < n.number {
				s.fresh = len(s.nodes)
				return true
			}
		} else {
			n.sleep |= only(int(n.chosen))
			for left := n.backtrack &^ n.sleep; left != 0; left &= left - 1 {
				id := bits.TrailingZeros32(uint32(left))
				if bound := s.x.options.Preemptions; bound >= 0 && n.preempts(id) && int(n.preemptions) >= bound {
					s.bounded = true
					n.sleep |= only(id)
					continue
				}
				n.chosen = int32(id)
				s.fresh = len(s.nodes) - 1
				return true
			}
		}
		s.nodes = s.nodes[:len(s.nodes)-1]
	}
	return false
}

// goOn returns the thread that took the last step, if it is among those given and has not yielded, or else another one.
func (x *execution) goOn(among set) int {
	if t := x.last; t != nil && among.has(t.id) && !t.yielded {
		return t.id
	}
	for rest := among; rest != 0; rest &= rest - 1 {
		if id := bits.TrailingZeros32(uint32(rest)); !x.threads[id].yielded {
			return id
		}
	}
	return bits.TrailingZeros32(uint32(among))
}

// dependent reports whether the step that t is about to take depends on e, the step just taken.
func (x *execution) dependent(t *Thread, e *event) bool {
	kind := t.op.kind()
	for _, a := range x.accesses[e.access : e.access+e.n] {
		if a.obj == t.obj && conflicts(a.kind, kind) || a.kills() {
			return true
		}
		if p := t.obj.process; p != nil && x.inQueue(p, a.obj) {
			return true
		}
		for _, o := range t.more {
			if a.obj == o && conflicts(a.kind, kind) {
				return true
			}
		}
		if t.op.matches() {
			for _, o := range t.then {
				if a.obj == o {
					return true
				}
			}
		}
	}
	return false
}

// signature returns a hash of the steps that the threads are about to take. It is the same whenever an execution
// reaches the same node, unless the test depends on something else.
func (x *execution) signature(enabled set) uint64 {
	sum := uint64(len(x.threads))
	for rest := enabled; rest != 0; rest &= rest - 1 {
		t := x.threads[bits.TrailingZeros32(uint32(rest))]
		sum = sum*0x9E3779B97F4A7C15 + uint64(t.obj.id)<<8 + uint64(t.op.Access)
	}
	return sum
}

// notDeterministic ends an execution that did not reach the same node as the one before.
func (x *execution) notDeterministic(at int) {
	x.fail("not deterministic", fmt.Sprintf("choice %d differs from that of the previous execution, though all "+
		"earlier choices are the same. The test depends on something that explore does not control: the time, "+
		"a random number, the order of a map, an address, or something that an earlier execution left behind", at))
}
