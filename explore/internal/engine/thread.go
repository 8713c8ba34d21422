// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"iter"
	"math"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/goid"
)

// A Thread is an explored goroutine, or a timer.
type Thread struct {
	x       *execution
	id      int
	status  status
	worker  *worker // runs it; nil for a timer
	body    func()
	timer   *Timer  // not nil for a timer
	starter *Thread // waits until this thread has come to its first step
	process *Process
	onKill  func()    // see OnKill
	queues  []*object // the same
	lates   int       // how often it was late; see Waiter.Late

	op      Op  // the step that it is about to take
	arrived int // the number of steps that had been taken when it came to op
	obj     *object
	more    []*object
	then    []*object

	// The clocks count the steps of each thread that come before whatever this one does next: by the
	// order of dependent steps, and by what Go's memory model calls synchronized before.
	dep, sync clock
	now       int64 // its time; see Now
	jumps     int   // of its clock

	waiter   Waiter // of Sleep
	yielded  bool   // since its last step
	watched  []seen // what it has read since it has last changed something
	site     site   // of the step op, if that reads what it has read before
	release  bool   // it may go on reading though nothing has changed
	releases int    // how often that was so, in a row

	wherePC  [24]uintptr // where it stands, while the execution is traced
	whereLen int
	startPC  [8]uintptr
	startLen int
	exited   bool // by Goexit of the runtime
}

// A status is what a thread is about to do.
type status uint8

const (
	running status = iota // between two steps; no thread but the current one, and its starters
	pending               // about to take the step op
	ended
	killed // with its process
)

// A seen is an object that a thread has read, and may be waiting for.
type seen struct {
	obj     *object
	version uint32
	again   int // how often it was read since then, unchanged
	sites   [maxSites]site
}

// current is the thread that runs, for Self. It is nil outside of executions.
var current atomic.Pointer[Thread]

// Self returns the explored goroutine that calls, or nil if the caller is not one. The replacements of
// package sync and the others do the real thing then.
func Self() *Thread {
	t := current.Load()
	if t == nil {
		return nil
	}
	if _, id := goid.Self(); id != t.worker.goid.Load() {
		if id > t.x.newerThan {
			t.x.strangers.Store(true)
		}
		return nil
	}
	return t
}

// Nested reports whether the caller is an explored goroutine. Unlike Self, it may be asked by a test that has yet to
// explore, while another one does.
func Nested() bool {
	t := current.Load()
	if t == nil {
		return false
	}
	_, id := goid.Self()
	return id == t.worker.goid.Load()
}

// Number returns the number of t. The first goroutine of an execution is 0.
func (t *Thread) Number() int { return t.id }

// A stop is the panic that unwinds a thread whose execution is over.
type stop struct{}

// An exit is the panic of Goexit.
type exit struct{}

// Step takes a step: it returns when the scheduler has chosen t and op.Ready, if there is one, is true.
// What the caller does from there to its next step is done in one step with op.
func (t *Thread) Step(op *Op) {
	t.x.mustGoOn()
	t.op = *op
	t.obj = t.x.objects.of(op.Addr)
	t.more = t.more[:0]
	for _, addr := range op.More {
		t.more = append(t.more, t.x.objects.of(addr))
	}
	t.then = t.then[:0]
	for _, addr := range op.Then {
		t.then = append(t.then, t.x.objects.of(addr))
	}
	t.findSite()
	t.arrive()
}

// StepCompare takes the step of a compare-and-swap, for which op.Compare is set, and reports whether
// the word is op.Old. The caller swaps if so.
func (t *Thread) StepCompare(op *Op) bool {
	t.Step(op)
	return op.Word.at(op.Addr) == op.Old
}

// Touch adds an object to those that the current step of t writes, for a step that finds out while it
// is taken: a send that completes another thread's select, which takes that out of all its channels.
func (t *Thread) Touch(addr unsafe.Pointer) { t.x.touch(t, t.x.objects.of(addr)) }

// Sleep blocks t until another thread has called Wake for it, or has done so already. A Wake serves
// one Sleep. what and addr stand in reports. It is a step that uses no object.
func (t *Thread) Sleep(what string, addr unsafe.Pointer) {
	t.waiter.thread = t
	t.waiter.Sleep(what, addr)
}

// Wake lets the Sleep of other return. It belongs to the current step of t, and is none itself.
func (t *Thread) Wake(other *Thread) {
	other.waiter.thread = other
	other.waiter.Wake(t)
}

// A Waiter is a place where one thread sleeps, for a thread that may sleep elsewhere before it comes to the
// sleep that a Wake is for.
type Waiter struct {
	thread    *Thread
	wakes     int         // that no Sleep has used
	late      func() bool // see Late
	dep, sync clock
	now       int64
}

// NewWaiter returns a Waiter for t.
func (t *Thread) NewWaiter() *Waiter { return &Waiter{thread: t} }

// Ready implements Readier.
func (w *Waiter) Ready() bool { return w.wakes > 0 }

// Sleep blocks the thread of w until another has called Wake, or has done so already. It is a step
// that uses no object.
func (w *Waiter) Sleep(what string, addr unsafe.Pointer) {
	t := w.thread
	t.Await(&Op{Name: what, Addr: addr, Ready: w})
	w.wakes--
	n := len(t.x.threads)
	t.dep.join(&w.dep, n)
	t.sync.join(&w.sync, n)
	t.now = max(t.now, w.now)
}

// Wake lets the Sleep of w return. It belongs to the current step of t.
func (w *Waiter) Wake(t *Thread) {
	w.sync.join(&t.sync, len(t.x.threads))
	w.WakeRelaxed(t)
}

// WakeRelaxed is Wake for a wake-up that orders no memory, as that of a futex.
func (w *Waiter) WakeRelaxed(t *Thread) {
	w.wakes++
	if other := w.thread; other.process != nil && other.op.Ready == w && (other.status == pending || other.status == killed) {
		t.x.useProcess(other.process) // what other does up to its next step belongs to this one
	}
	w.dep.join(&t.dep, len(t.x.threads))
	w.now = max(w.now, t.now)
	t.sync[t.id]++
	if t.x.tracing {
		t.x.note(t, "woke "+w.thread.Name())
	}
}

// maxLates is how often a thread may be late.
const maxLates = 4

// Late has f called when no thread can go on while w sleeps, as if so much time had passed that the sleep would end by
// itself. f wakes w and reports true, or reports false, and the threads wait forever. The call comes after all steps
// that were taken.
func (w *Waiter) Late(f func() bool) { w.late = f }

// late calls the Late of a thread, if there is one. It reports whether that can go on.
func (x *execution) late() bool {
	var best *Waiter
	for _, t := range x.threads {
		w, ok := t.op.Ready.(*Waiter)
		if ok && t.status == pending && w.late != nil && t.lates < maxLates && (best == nil || t.lates < best.thread.lates) {
			best = w
		}
	}
	if best == nil || x.stopping {
		return false
	}
	t := best.thread
	for _, other := range x.threads {
		t.dep.join(&other.dep, len(x.threads))
	}
	t.lates++
	return best.late()
}

// uses returns the objects that the step which t is about to take would use now, and how.
func (t *Thread) uses() iter.Seq2[*object, Access] {
	return func(yield func(*object, Access) bool) {
		kind := t.op.kind()
		if t.obj == nil || !yield(t.obj, kind) {
			return
		}
		for _, o := range t.more {
			if !yield(o, kind) {
				return
			}
		}
		for _, o := range t.then {
			if !t.op.matches() || !yield(o, Write) {
				return
			}
		}
	}
}

// Await takes a step that uses no object, when op.Ready is true.
func (t *Thread) Await(op *Op) {
	t.x.mustGoOn()
	t.op, t.obj, t.more, t.then = *op, nil, t.more[:0], t.then[:0]
	t.op.Access = Local
	t.arrive()
}

// Go starts a goroutine, and lets it run to its first step. One that a timer starts begins when the timer's
// step is over.
func (t *Thread) Go(f func()) *Thread { return t.start(t.process, f) }

func (t *Thread) start(p *Process, f func()) *Thread {
	x := t.x
	x.mustGoOn()
	if p != nil && p != t.process {
		if x.useProcess(p); p.killed {
			return nil
		}
	}
	child := x.newThread(t)
	child.process = p
	child.body = f
	if x.tracing {
		child.startLen = callers(child.startPC[:])
		x.traceLocal(t, "go", child.Name())
	}
	child.worker = x.worker()
	child.worker.t = child
	t.sync[t.id]++
	if t.timer != nil {
		child.status = pending
		child.op = Op{Name: "begins"}
		return child
	}
	child.starter = t
	x.switchTo(t, child)
	x.mustGoOn()
	return child
}

// Yield lets the others go first, as a spin loop does.
func (t *Thread) Yield(name string) {
	x := t.x
	x.mustGoOn()
	t.yielded = true
	if x.tracing {
		x.traceLocal(t, name, "")
	}
}

// Pass lets the clock of t go on by d nanoseconds. Like Yield, it lets the others go first: a thread that sleeps for a
// time may do its next step at any moment.
func (t *Thread) Pass(name string, d int64) {
	t.Yield(name)
	t.now += min(d, math.MaxInt64-t.now)
}

// PassTo lets the clock of t go on to a time, in a report under a name.
func (t *Thread) PassTo(name string, when int64) {
	t.now = max(t.now, when)
	if t.x.tracing {
		t.x.traceLocal(t, name, "")
	}
}

// Choose returns a number from 0 up to n-1. The engine explores each.
func (t *Thread) Choose(name string, n int) int {
	x := t.x
	x.mustGoOn()
	v := x.strategy.number(n)
	x.mustGoOn()
	x.schedule = append(x.schedule, decision{int16(v), true})
	if x.tracing {
		x.traceLocal(t, name, "chose "+itoa(v)+" of 0 to "+itoa(n-1))
	}
	return v
}

// Fail ends the execution and reports message as the reason. It does not return.
func (t *Thread) Fail(kind, message string) {
	t.x.fail(kind, message)
	panic(stop{})
}

// Goexit ends t after its deferred calls.
func (t *Thread) Goexit() { panic(exit{}) }

// Exits reports whether p, which is from recover, is the end of a thread by Goexit.
func Exits(p any) bool {
	_, ok := p.(exit)
	return ok
}

// State returns what the engine keeps for the object at addr in this execution. It calls make for it
// first. It is not a step.
func (t *Thread) State(addr unsafe.Pointer, make func() any) any {
	o := t.x.objects.of(addr)
	if o.state == nil {
		o.state = make()
	}
	return o.state
}

// NumberOf returns the number of the object at addr, in the order in which an execution comes to know them.
// It is not a step.
func (t *Thread) NumberOf(addr unsafe.Pointer) int { return t.x.objects.of(addr).id }

// Own returns what the engine keeps for the object at addr and for t alone, in this execution.
func (t *Thread) Own(addr unsafe.Pointer, make func() any) any {
	k := owned{t.id, addr}
	v, ok := t.x.owned[k]
	if !ok {
		v = make()
		t.x.owned[k] = v
	}
	return v
}

type owned struct {
	thread int
	addr   unsafe.Pointer
}

// Keep lets the engine put the value at p back when the execution is over. Step does so for the word of a
// step that writes.
func Keep[T any](t *Thread, p *T) {
	keep(t.x, p)
}

// Procs returns the number of processors that the explored code shall see.
func (t *Thread) Procs() int { return t.x.options.Procs }

// Spurious returns how many sleeps of each thread in the kernel may end for no reason.
func (t *Thread) Spurious() int { return t.x.options.Spurious }

// arrive tells that t is about to take the step t.op, and returns when it has been chosen.
func (t *Thread) arrive() {
	x := t.x
	t.status = pending
	t.arrived = len(x.events)
	if x.tracing {
		t.whereLen = callers(t.wherePC[:])
	}
	if s := t.starter; s != nil {
		t.starter = nil
		x.switchTo(t, s)
		x.mustGoOn()
		return
	}
	if next := x.decide(); next != t {
		x.switchTo(t, next)
		x.mustGoOn()
	}
}

// Name returns the name of t in reports.
func (t *Thread) Name() string {
	switch {
	case t.timer != nil:
		return "timer " + itoa(t.id)
	case t.id == 0:
		return "main"
	}
	return "goroutine " + itoa(t.id)
}
