// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"math"
	"sync/atomic"

	"github.com/osync-go/osync/locks/internal/pin"
)

// A Loop is an [Executor] whose only thread is that of an event loop: the thread of the goroutine that has called
// [NewLoop], its owner. Other goroutines call Do, DoContext and Go; the owner calls RunPending once in each turn
// of its loop, or Run. A function of the owner that calls Do runs it at once.
//
// The thread of a Loop cannot be replaced. A function on it that calls [runtime.Goexit] ends the owner, and
// closes the Loop: calls in the queue return [ErrClosed]. [Discard] makes the thread end with the owner.
type Loop struct {
	*Executor
	owner   atomic.Pointer[Thread] // nil after its Close
	hook    func()
	serving atomic.Bool // the owner is in Run
	depth   int         // of RunPending and Run; the owner's own
	worker  worker
}

// NewLoop makes a Loop of the calling goroutine, and pins it, as [Pin] does, until the goroutine calls Close. The
// owner should be on its thread from the beginning, as the main goroutine is after a Pin in an init function.
//
// When the owner has something to run and is not in Run, wake is called, by another goroutine or the owner
// itself, so that an event loop that sleeps comes back and calls RunPending: glfw.PostEmptyEvent, say. It
// must not block, nor use the Loop. Nil does nothing.
func NewLoop(wake func()) *Loop {
	Pin()
	Current().held++
	l := &Loop{hook: wake, worker: worker{wake: make(chan struct{}, 1)}}
	l.Executor = &Executor{loop: l, live: 1, threads: 1, ended: make(chan struct{})}
	l.owner.Store(Current())
	return l
}

// RunPending runs the functions that were queued before, and returns how many. It waits for none that come
// later, and does not block if there are none. It panics if the caller is not the owner.
func (l *Loop) RunPending() int {
	l.mustOwn("RunPending")
	l.mu.Lock()
	limit := l.accepted
	l.mu.Unlock()
	return l.run(limit)
}

// Run runs functions until the Loop is closed and those that were accepted before have run. It panics if the
// caller is not the owner.
func (l *Loop) Run() {
	l.mustOwn("Run")
	l.serving.Store(true)
	defer l.serving.Store(false)
	l.depth++
	ok := false
	defer func() { l.depth--; l.returned(ok) }()
	for c := l.take(&l.worker); c != nil; c = l.take(&l.worker) {
		c.run()
	}
	ok = true
}

// Close makes later calls return [ErrClosed]. If the owner calls it outside of any function of the Loop, it runs the
// functions that were accepted before, and unpins the owner. If another goroutine calls it, it
// waits until the owner has run them, in Run, RunPending or its own Close. A function of the
// Loop that calls it only closes.
//
// The owner must call Close when its loop has ended, even if others have. It returns nil.
func (l *Loop) Close() error {
	mine := l.own() && l.depth == 0
	err := l.Executor.Close()
	if mine {
		l.owner.Store(nil)
		Current().held--
		Unpin()
	}
	return err
}

// drain runs what was accepted, when the owner closes the Executor, unless that is done further up.
func (l *Loop) drain() {
	if l.depth == 0 {
		l.run(math.MaxUint64)
	}
}

// run runs the functions with numbers below limit.
func (l *Loop) run(limit uint64) (n int) {
	l.depth++
	ok := false
	defer func() { l.depth--; l.returned(ok) }()
	for {
		l.mu.Lock()
		c := l.pop(limit)
		l.mu.Unlock()
		if c == nil {
			ok = true
			return n
		}
		c.run()
		n++
	}
}

// returned notes the end of the Loop, if a function has ended the owner, or if all has run.
func (l *Loop) returned(ok bool) {
	l.mu.Lock()
	var left *call
	if !ok {
		l.closed = true
		left, l.first, l.last = l.first, nil, nil
		for c := left; c != nil; c = c.next {
			c.queued = false
		}
	}
	if l.closed && l.first == nil && l.depth == 0 {
		l.live = 0
		l.endIfIdle()
	}
	l.mu.Unlock()
	for left != nil {
		c := left
		left, c.next, c.prev = c.next, nil, nil
		c.err = ErrClosed
		c.end()
	}
}

// call tells the owner that there is something to run.
func (l *Loop) call() {
	if l.hook != nil && !l.serving.Load() {
		l.hook()
	}
}

// mustOwn panics if the caller is not the owner.
func (l *Loop) mustOwn(name string) {
	if t := Current(); t == nil || l.owner.Load() != t {
		panic("thread: " + name + " of a Loop by a goroutine that is not its owner")
	}
}

// firstThread is the number of the program's first thread, on which the runtime initializes packages.
var firstThread = pin.ThreadID()

// Main runs program in a new goroutine, and meanwhile, on the first thread of the program, the functions that are
// given to first. It returns the error of program, or [ErrExited] if that has called [runtime.Goexit], when
// the functions that first has accepted have run, too. It is for libraries that insist on that thread, as
// those for windows on macOS do:
//
//	func init() { thread.Pin() } // the main goroutine, to the first thread
//
//	func main() {
//		err := thread.Main(func(first *thread.Executor) error {
//			return first.Do(openWindow)
//		})
//		…
//	}
//
// Main must be called by the main goroutine, which an init function must have pinned: only there is it sure to be on
// the first thread. Otherwise Main panics. The thread of the main goroutine sleeps in its waits for osync's
// locks from then on; other goroutines are not concerned.
//
// A panic of program ends the process, as that of any goroutine. The thread cannot be replaced: see [Loop], also
// for event loops that want to be called by func main, for which [NewLoop] serves.
func Main(program func(first *Executor) error) error {
	if Current() == nil || pin.ThreadID() != firstThread {
		panic("thread: Main by a goroutine that is not pinned to the first thread; add: func init() { thread.Pin() }")
	}
	l := NewLoop(nil)
	err := ErrExited
	done := make(chan struct{})
	go func() {
		defer func() {
			if p := recover(); p != nil {
				panic(p) // ends the process, before Main could return
			}
			l.shut()
			close(done)
		}()
		err = program(l.Executor)
	}()
	l.Run()
	<-done // program may have closed first itself
	_ = l.Close()
	return err
}
