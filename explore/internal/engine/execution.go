// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"
)

// An execution is one run of the explored code. An explorer runs many, each in a different order.
type execution struct {
	options   Options
	strategy  strategy
	threads   []*Thread
	objects   *objects
	owned     map[owned]any
	processes int                 // number of its processes
	shadow    map[uintptr]*shadow // of the plain variables
	restores  []func()

	// The steps so far. A step has an entry in accesses for each object that it uses.
	events   []event
	after    clock // the clock of the newest event, as it will be
	accesses []access
	schedule []decision

	last     *Thread // took the last step
	next     *Thread // runs next; nil if the execution is over
	stopping bool    // the threads unwind
	failure  *Failure

	open    Op   // the current step, for the value of its word afterwards
	isOpen  bool // whether there is a current step
	tracing bool
	trace   []TraceStep

	workers   []*worker // the free ones
	all       []*worker
	pool      []*Thread // of earlier executions
	progress  atomic.Uint64
	strangers atomic.Bool            // goroutines that are not explored, but began after the exploration, have used explored objects
	outside   atomic.Pointer[string] // see Result.Outside
	newerThan uint64                 // goroutines with greater numbers began after the exploration
}

// An event is a step that was taken.
type event struct {
	thread int
	clock  clock // its thread's dependence clock, itself included
	node   int   // its node in the search, if it has one
	access int32 // the first of its entries in accesses
	n      int32
}

// An access is the use of an object by an event.
type access struct {
	event  int32
	before int32 // the entry for the object before this one, or -1
	obj    *object
	kind   Access

	prevented bool // the event kept another thread from this access
}

// A decision is a choice of the scheduler: a thread, or a number.
type decision struct {
	value  int16
	number bool
}

// start prepares x for a new execution.
func (x *execution) start() {
	x.objects.reset()
	x.events, x.accesses, x.schedule = x.events[:0], x.accesses[:0], x.schedule[:0]
	x.pool = append(x.pool, x.threads...)
	x.threads = x.threads[:0]
	x.workers = append(x.workers[:0], x.all...)
	clear(x.owned)
	clear(x.shadow)
	x.last, x.next, x.failure = nil, nil, nil
	x.processes = 0
	x.stopping = false
	x.trace, x.open, x.isOpen = nil, Op{}, false
}

// run runs body as an execution.
func (x *execution) run(body func(*Thread)) {
	x.start()
	x.progress.Add(1)
	x.strategy.begin(x)
	main := x.newThread(nil)
	main.body = func() { body(main) }
	main.worker = x.worker()
	main.worker.t = main
	for x.next = main; x.next != nil; {
		t := x.next
		current.Store(t)
		t.worker.resume()
	}
	x.end()
}

// end ends the threads that have not ended, and restores what the execution changed.
func (x *execution) end() {
	current.Store(nil)
	x.unwind()
	for i := len(x.restores) - 1; i >= 0; i-- {
		x.restores[i]()
	}
	x.restores = x.restores[:0]
}

// unwind ends the threads that have not ended.
func (x *execution) unwind() {
	x.stopping = true
	for i := 0; i < len(x.threads); i++ {
		if t := x.threads[i]; t.worker != nil && t.status != ended {
			current.Store(t)
			for t.status != ended {
				t.worker.resume()
			}
			current.Store(nil)
		}
	}
}

// mustGoOn ends the calling thread if the execution is over.
func (x *execution) mustGoOn() {
	if x.stopping {
		panic(stop{})
	}
}

// newThread returns a new thread, which parent starts. parent is nil for the first one.
func (x *execution) newThread(parent *Thread) *Thread {
	id := len(x.threads)
	if id == MaxThreads {
		parent.Fail("too many goroutines", fmt.Sprintf("an execution can have %d goroutines and timers", MaxThreads))
	}
	var t *Thread
	if n := len(x.pool); n > 0 {
		t, x.pool = x.pool[n-1], x.pool[:n-1]
		*t = Thread{more: t.more[:0], then: t.then[:0], watched: t.watched[:0]}
	} else {
		t = new(Thread)
	}
	t.x, t.id, t.now = x, id, clockStart
	if parent != nil {
		t.dep, t.sync, t.now, t.process = parent.dep, parent.sync, parent.now, parent.process
	}
	t.sync[id] = 1
	x.threads = append(x.threads, t)
	return t
}

// switchTo runs next instead of t, and returns when t is to run again. The execution is over if next is nil.
func (x *execution) switchTo(t, next *Thread) {
	x.next = next
	t.worker.pause()
}

// finish ends the goroutine of t.
func (x *execution) finish(t *Thread) {
	t.status = ended
	if x.stopping {
		return
	}
	if s := t.starter; s != nil {
		x.next = s
		return
	}
	x.next = x.decide()
}

// runBody runs the body of t, and records how it ends.
func (x *execution) runBody(t *Thread) {
	returned := false
	defer func() {
		if !returned {
			x.recovered(t, recover())
		}
		x.finish(t)
	}()
	t.body()
	returned = true
}

// recovered handles the panic p that ended t; nil means that runtime.Goexit ended t.
func (x *execution) recovered(t *Thread, p any) {
	switch p := p.(type) {
	case stop, exit:
	case nil:
		t.exited = true
		x.fail("runtime.Goexit", t.Name()+" called runtime.Goexit, or a method such as t.Fatal or t.Skip, which stops the test")
	default:
		if !x.stopping {
			x.fail("panic", fmt.Sprintf("%v\n\n%s", p, userStack(string(debug.Stack()))))
		}
	}
}

// fail records why the execution failed, and ends it. Only the first reason counts.
func (x *execution) fail(kind, message string) {
	if x.failure == nil && !x.stopping {
		x.failure = &Failure{Kind: kind, Message: message}
	}
	x.settleTrace()
	if !x.stopping {
		x.noteThreads()
	}
	x.stopping = true
	x.next = nil
}

// decide chooses the thread that runs next, and records its step. It returns nil if the execution is over.
func (x *execution) decide() *Thread {
	x.settleTrace()
	for !x.stopping {
		if t := x.local(); t != nil {
			t.status = running
			x.traceLocalStep(t)
			return t
		}
		if len(x.events) >= x.options.Steps {
			x.strategy.cut()
			x.stopping = true
			break
		}
		t := x.choose()
		if t == nil {
			if x.late() {
				continue
			}
			x.over()
			break
		}
		x.take(t)
		if t.timer == nil {
			return t
		}
		x.expire(t)
		x.settleTrace()
	}
	return nil
}

// choose chooses the thread of the next step. It returns nil if no thread can take one.
func (x *execution) choose() *Thread {
	if enabled := x.enabled(); enabled != 0 {
		t := x.threads[x.strategy.thread(enabled)]
		if x.stopping {
			return nil
		}
		x.schedule = append(x.schedule, decision{int16(t.id), false})
		return t
	}
	return x.idle()
}

// local returns a thread whose next step uses no object and can be taken. The order of such a step does not matter.
func (x *execution) local() *Thread {
	for _, t := range x.threads {
		if t.status == pending && t.obj == nil && !t.op.waits() {
			return t
		}
	}
	return nil
}

// enabled returns the threads that can take a step.
func (x *execution) enabled() (s set) {
	for i, t := range x.threads {
		if t.status == pending && !t.op.waits() && !t.spinning() {
			s |= only(i)
		}
	}
	return s
}

// take records the step that t is about to take.
func (x *execution) take(t *Thread) {
	kind := t.op.kind()
	if t.timer != nil {
		t.now = max(t.now, t.timer.when)
	}
	if !t.op.matches() {
		t.then = t.then[:0]
	}
	x.traceStep(t, kind)
	e := event{thread: t.id, node: -1, access: int32(len(x.accesses))}
	if !t.release {
		e.node = x.strategy.node()
	}
	x.events = append(x.events, e)
	t.dep[t.id]++
	x.after = t.dep
	if t.obj != nil {
		x.after.join(t.obj.before(kind), len(x.threads))
	}
	for _, o := range t.more {
		x.after.join(o.before(kind), len(x.threads))
	}
	for _, o := range t.then {
		x.after.join(&o.all, len(x.threads))
	}
	if t.obj != nil {
		x.use(t, t.obj, kind)
	}
	for _, o := range t.more {
		x.use(t, o, kind)
	}
	for _, o := range t.then {
		x.use(t, o, Write)
		kind = Write
	}
	if t.process != nil {
		x.useProcess(t.process)
	}
	x.events[len(x.events)-1].clock = t.dep
	t.noteRead(kind)
	x.last = t
	t.status, t.yielded, t.release = running, false, false
	if len(x.events)%64 == 0 {
		x.progress.Add(1)
	}
}

// use records that the newest event, of t, uses o. The clock of t already counts the event.
func (x *execution) use(t *Thread, o *object, kind Access) {
	if x.events[len(x.events)-1].node >= 0 {
		x.strategy.races(t, o, kind)
	}
	x.access(o, kind, false)
	n := len(x.threads)
	t.dep.join(o.before(kind), n)
	if !kind.isWrite() {
		o.all.join(&t.dep, n)
		if kind.isShared() {
			o.shared.join(&t.dep, n)
		} else {
			o.reads.join(&t.dep, n)
		}
		t.now = max(t.now, o.now)
		o.nowAll = max(o.nowAll, t.now)
	} else {
		o.all = t.dep
		o.reads, o.shared = t.dep, t.dep
		t.now = max(t.now, o.nowAll)
		o.now, o.nowAll = t.now, t.now
	}
	if kind.changes() {
		o.version++
		if w := t.op.Word; w != NoWord && !o.kept && o == t.obj {
			o.kept = true
			x.keepWord(w, t.op.Addr)
		}
	}
	if t.op.Relaxed {
		return
	}
	// Go's memory model: a step synchronizes with the writes that it sees.
	if kind != Store {
		t.sync.join(&o.sync, n)
	}
	switch kind {
	case Store:
		o.sync = t.sync
	case Read, Acquire, AcquireShared, Local:
		return
	default:
		o.sync.join(&t.sync, n)
	}
	t.sync[t.id]++
}

// access adds an access to the newest event.
func (x *execution) access(o *object, kind Access, prevented bool) {
	at := int32(len(x.events) - 1)
	x.accesses = append(x.accesses, access{event: at, before: o.last, obj: o, kind: kind, prevented: prevented})
	o.last = int32(len(x.accesses) - 1)
	x.events[at].n++
}

// touch implements Touch.
func (x *execution) touch(t *Thread, o *object) {
	x.after.join(&o.all, len(x.threads))
	x.use(t, o, Write)
	if t.process != nil {
		t.process.obj.all.join(&t.dep, len(x.threads))
	}
	x.events[len(x.events)-1].clock = t.dep
}

// keepWord saves the word at p, which is restored at the end of the execution.
func (x *execution) keepWord(w Word, p unsafe.Pointer) {
	switch w {
	case Word32:
		keep(x, (*uint32)(p))
	case Word64:
		keep(x, (*uint64)(p))
	case WordPointer:
		keep(x, (*unsafe.Pointer)(p))
	}
}

func keep[T any](x *execution, p *T) {
	v := *p
	x.restores = append(x.restores, func() { *p = v })
}

// over ends an execution in which no thread can go on.
func (x *execution) over() {
	if x.stopping {
		return
	}
	alive := 0
	var where strings.Builder
	for _, t := range x.threads {
		if t.timer == nil && t.status != ended && t.status != killed {
			alive++
			fmt.Fprintf(&where, "\n%s waits in %s", t.Name(), x.opText(t))
		}
	}
	switch {
	case alive == 0:
		x.next = nil
	case x.threads[0].status == ended:
		x.fail("left over", "the test has returned, but goroutines wait for ever:"+where.String())
	default:
		x.fail("deadlock", "no goroutine can go on:"+where.String())
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
