// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// A Start is a way to start a worker.
type Start struct {
	Name string
	// Go runs f at the same time as its caller, and returns a function that waits for
	// the end of f.
	Go func(f func()) (join func())
	// Threads says that each worker costs an OS thread, so that checks start fewer.
	Threads bool
}

// Run runs f in n workers at the same time, and waits for them.
func (s Start) Run(n int, f func(worker int)) {
	var joins []func()
	for w := range n {
		joins = append(joins, s.Go(func() { f(w) }))
	}
	for _, join := range joins {
		join()
	}
}

// Goroutines starts workers as ordinary goroutines.
var Goroutines = Start{Name: "goroutines", Go: func(f func()) func() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	return func() { <-done }
}}

// LockedThreads starts workers as goroutines locked to their OS thread.
var LockedThreads = Start{Name: "lockedthreads", Threads: true, Go: func(f func()) func() {
	return Goroutines.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		f()
	})
}}

// Mixed starts workers in the given ways in turn.
func Mixed(starts ...Start) Start {
	mixed := Start{}
	var names []string
	for _, s := range starts {
		names = append(names, s.Name)
		mixed.Threads = mixed.Threads || s.Threads
	}
	mixed.Name = strings.Join(names, "+")
	var next atomic.Uint32
	mixed.Go = func(f func()) func() {
		return starts[int(next.Add(1))%len(starts)].Go(f)
	}
	return mixed
}

// Preempt lets others run where the runtime never takes the processor from a goroutine: on
// WebAssembly. A loop calls it that does not block and waits for what another goroutine does.
func Preempt() {
	if runtime.GOARCH == "wasm" {
		runtime.Gosched()
	}
}

// A crew is a group of workers of one check.
type crew struct {
	e     *env
	joins []func()
}

func (e *env) crew() *crew { return &crew{e: e} }

// start runs f in a new worker.
func (c *crew) start(f func()) {
	c.joins = append(c.joins, c.e.start.Go(func() {
		defer c.e.step()
		f()
	}))
}

// join waits for all workers, and fails the check if they do not end.
func (c *crew) join(what string) {
	c.e.Helper()
	c.e.finish(what, func() {
		for _, join := range c.joins {
			join()
		}
	})
	c.joins = nil
}

// worker runs f in a worker of its own, and waits for it.
func (e *env) worker(what string, f func()) {
	e.Helper()
	c := e.crew()
	c.start(f)
	c.join(what)
}

// besides runs work in four workers while hogs repeat busy all the time.
func (e *env) besides(hogs int, busy, work func()) {
	e.Helper()
	var stop atomic.Bool
	var rounds atomic.Int64
	defer stop.Store(true)
	background, c := e.crew(), e.crew()
	for range hogs {
		background.start(func() {
			for !stop.Load() {
				busy()
				rounds.Add(1)
				Preempt()
			}
		})
	}
	e.eventually("the hogs have to begin", func() bool { return rounds.Load() > 10 })
	for range 4 {
		c.start(work)
	}
	c.join("workers beside hogs")
	stop.Store(true)
	background.join("hogs")
}

// duringGC runs f while the world is stopped all the time, which also preempts.
//
// Go 1.26 and 1.27 now and then miss a thread that enters a system call while it stops the world, and
// runs no goroutine until the next timer. So there is one that a goroutine waits for: others do not count.
func (e *env) duringGC(f func()) {
	var stop atomic.Bool
	timer := Goroutines.Go(func() {
		for !stop.Load() {
			time.Sleep(10 * time.Millisecond)
		}
	})
	defer timer()
	done := Goroutines.Go(func() {
		for !stop.Load() {
			runtime.GC()
			runtime.Gosched()
		}
	})
	defer done()
	defer stop.Store(true)
	f()
}
