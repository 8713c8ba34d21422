// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

var pthreadOnce = symbol("pthread_once")

// A Once is a pthread_once_t: of all functions that Go or C code passes to it, it runs one. Pure Go
// code should use sync.Once. There is nothing to destroy.
type Once struct {
	_ noCopy
	o *object
}

// NewOnce returns a Once that has not run a function, in memory of the C library, which is freed
// with it.
//
//	pthread_once_t o = PTHREAD_ONCE_INIT
func NewOnce() (*Once, error) {
	if err := load(); err != nil {
		return nil, err
	}
	if err := pthreadOnce.missing(); err != nil {
		return nil, err
	}
	addr := libcCalloc.call(1, objectSize, 0, 0)
	if addr == 0 {
		return nil, unsupported("memory for a pthread_once_t")
	}
	o := &object{addr: addr, owned: true}
	*(*uintptr)(pointer(addr)) = uintptr(system.onceInit)
	once := &Once{o: o}
	runtime.AddCleanup(once, release, addr)
	return once, nil
}

// OnceAt returns a handle for the pthread_once_t at p; see [MutexAt].
func OnceAt(p unsafe.Pointer) *Once { return &Once{o: objectAt(p, nil, 0, 0)} }

// Do runs f if the Once has not run a function yet. It blocks its thread until the function that
// the Once runs has returned, here or on another thread. Of all calls that are made often, it is
// the only one that allocates.
//
//	pthread_once(o, f)
//
// If f panics, the Once counts as done, and Do panics with the same value; it loses the stack of
// f. f must not call [runtime.Goexit], as failing tests do: there are frames of the C library on
// the stack.
func (o *Once) Do(f func()) error {
	defer runtime.KeepAlive(o)
	if err := o.o.usable(pthreadOnce); err != nil {
		return err
	}
	runtime.LockOSThread() // so that the callback can identify its caller
	defer runtime.UnlockOSThread()
	run := &onceRun{o: o.o, f: f}
	me := self()
	if me == 0 {
		return EAGAIN
	}
	outer, nested := onceRuns.Swap(me, run)
	e := pthreadOnce.do(o.o.addr, onceCallback(), 0)
	if nested {
		onceRuns.Store(me, outer)
	} else {
		onceRuns.Delete(me)
	}
	race.Acquire(unsafe.Pointer(o.o))
	if run.panicked {
		panic(run.value)
	}
	return check(e)
}

// A onceRun is a function that pthread_once can call.
type onceRun struct {
	o        *object
	f        func()
	value    any
	panicked bool
}

// onceRuns holds the onceRun of each thread that is in Do, by its number. pthread_once passes no
// argument, so the callback uses it to find the function to run.
var onceRuns sync.Map

// runOnce is called by pthread_once, on the thread of Do. A panic must not unwind through C.
func runOnce() {
	inCallback(func() {
		if run, ok := onceRuns.Load(self()); ok {
			run.(*onceRun).run()
		}
	})
}

func (r *onceRun) run() {
	r.panicked = true
	defer func() {
		r.value = recover()
		race.Release(unsafe.Pointer(r.o))
	}()
	r.f()
	r.panicked = false
}
