// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"container/heap"
	"iter"
	"math/rand/v2"
)

// A nanos is a time, or a cost, in nanoseconds.
type nanos int64

// The costs of a line transfer are those of an AMD EPYC 7R13: Viennot, core-to-core-latency, 2022,
// https://github.com/nviennot/core-to-core-latency. An Intel Xeon 8375C has 51 where this has 23 and 107, and 108
// between sockets.
const (
	sameComplex nanos = 23
	sameSocket  nanos = 107
	otherSocket nanos = 197

	complexCores = 8
	socketCores  = 64
)

// The other costs are round figures for the processors and the scheduler of today.
const (
	ownLine   nanos = 5    // an atomic operation on a line that the core has alone
	pauses    nanos = 600  // thirty pauses: 400 on some processors, 1400 on others
	goSwitch  nanos = 200  // a goroutine blocks, and its core runs another one
	stealing  nanos = 500  // a core takes a goroutine from the queue of another
	startCore nanos = 5000 // a core that has nothing to run gets a goroutine
)

// distance returns what it costs to get a line from one core to another.
func distance(a, b int) nanos {
	switch {
	case a/complexCores == b/complexCores:
		return sameComplex
	case a/socketCores == b/socketCores:
		return sameSocket
	default:
		return otherSocket
	}
}

// A line is a cache line. One core at a time may write it.
type line struct {
	owner     int // the core that wrote last, and 1, or 0
	sharers   map[int]bool
	free      nanos // when the last transfer is done
	transfers int
}

// A machine has cores that share memory, and runs goroutines.
type machine struct {
	now    nanos
	seq    int // of events, so that equal times have an order
	events events
	cores  []core
	random *rand.Rand
}

// A core runs one goroutine at a time, and has others in a queue.
type core struct {
	busy  bool
	queue []*goroutine
}

func newMachine(cores int, seed uint64) *machine {
	return &machine{cores: make([]core, cores), random: rand.New(rand.NewPCG(seed, 0))}
}

// A goroutine is a function that says each time until when it is busy, or that it blocks.
type goroutine struct {
	*machine
	core  int
	yield func(nanos) bool
	next  func() (nanos, bool)
	stop  func()
}

const blocked nanos = -1

// stopped ends a goroutine when the time of the machine is up.
type stopped struct{}

// start starts f on a core.
func (m *machine) start(at int, f func(g *goroutine)) (stop func()) {
	g := &goroutine{machine: m, core: at}
	g.next, g.stop = iter.Pull(func(yield func(nanos) bool) {
		defer func() {
			if p := recover(); p != nil && p != (stopped{}) {
				panic(p)
			}
		}()
		g.yield = yield
		f(g)
	})
	if m.cores[at].busy {
		m.cores[at].queue = append(m.cores[at].queue, g)
	} else {
		m.cores[at].busy = true
		m.at(nanos(m.random.IntN(1e6)), g)
	}
	return g.stop
}

// run runs the machine up to a time.
func (m *machine) run(until nanos) {
	for len(m.events) > 0 && m.events[0].at < until {
		e := heap.Pop(&m.events).(event)
		m.now = e.at
		if busyUntil, ok := e.g.next(); ok && busyUntil != blocked {
			m.at(busyUntil, e.g)
		} else {
			m.leave(e.g.core)
		}
	}
}

// wait lets time pass.
func (g *goroutine) wait(d nanos) { g.until(g.now + d) }

func (g *goroutine) until(at nanos) {
	if !g.yield(at) {
		panic(stopped{})
	}
}

// pause is thirty pauses. A quarter more or less keeps the cores from marching in step.
func (g *goroutine) pause() { g.wait(pauses*3/4 + nanos(g.random.Int64N(int64(pauses)/2))) }

// block waits until ready is called with g.
func (g *goroutine) block() { g.until(blocked) }

// ready makes other runnable: on a core that has nothing to run, or on that of g when its turn comes.
func (g *goroutine) ready(other *goroutine) {
	idle := -1
	for i := range g.cores {
		if !g.cores[i].busy && (idle < 0 || distance(i, g.core) < distance(idle, g.core)) {
			idle = i
		}
	}
	if idle < 0 {
		g.cores[g.core].queue = append(g.cores[g.core].queue, other)
		return
	}
	g.cores[idle].busy, other.core = true, idle
	g.at(g.now+startCore, other)
}

// leave runs another goroutine on a core whose goroutine has blocked.
func (m *machine) leave(at int) {
	from, cost := at, goSwitch
	for i := range m.cores {
		if victim := (at + i) % len(m.cores); len(m.cores[victim].queue) > 0 {
			if from = victim; i > 0 {
				cost += stealing
			}
			break
		}
	}
	queue := &m.cores[from].queue
	if m.cores[at].busy = len(*queue) > 0; m.cores[at].busy {
		g := (*queue)[0]
		*queue, g.core = (*queue)[1:], at
		m.at(m.now+cost, g)
	}
}

// write is an atomic operation on l.
func (g *goroutine) write(l *line) {
	me := g.core + 1
	if l.owner == me && len(l.sharers) == 0 {
		g.wait(ownLine)
		return
	}
	cost := ownLine
	if l.owner != 0 && l.owner != me {
		cost = distance(l.owner-1, g.core)
	}
	for s := range l.sharers { // the farthest copy to go
		cost = max(cost, distance(s, g.core))
	}
	l.free = max(g.now, l.free) + cost
	l.owner, l.sharers = me, nil
	l.transfers++
	g.until(l.free)
}

// read loads a word of l.
func (g *goroutine) read(l *line) {
	if me := g.core + 1; l.owner == me || l.owner == 0 || l.sharers[g.core] {
		g.wait(1)
		return
	}
	if l.sharers == nil {
		l.sharers = map[int]bool{}
	}
	l.sharers[g.core] = true
	l.transfers++
	g.until(max(g.now, l.free) + distance(l.owner-1, g.core))
}

// An event is a goroutine that goes on at a time.
type event struct {
	at  nanos
	seq int
	g   *goroutine
}

func (m *machine) at(t nanos, g *goroutine) {
	m.seq++
	heap.Push(&m.events, event{t, m.seq, g})
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(e[i].at, e[j].at), cmp.Compare(e[i].seq, e[j].seq)) < 0
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
