// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"math"
	"sync/atomic"

	"github.com/osync-go/osync/locks/internal/pin"
)

// A Loop is an [Executor] whose only thread is that of an event loop: the thread of its owner, the goroutine that
// called [NewLoop]. Other goroutines call Do, DoContext and Go; the owner calls RunPending once in each turn of
// its loop, or Run. If the owner calls Do, the function runs at once.
//
// The thread of a Loop cannot be replaced. A function on it that calls [runtime.Goexit] ends the owner, and
// closes the Loop: calls in the queue return [ErrClosed]. After [Discard] the thread ends with the owner.
type Loop struct {
	*Executor
	owner   atomic.Pointer[Thread] // nil after its Close
	hook    func()
	serving atomic.Bool // the owner is in Run
	depth   int         // nesting of RunPending and Run; used only by the owner
	worker  worker
}

// NewLoop returns a Loop whose owner is the calling goroutine. It pins the owner, as [Pin] does, until the owner
// calls Close. The owner should be on its thread from the beginning, as the main goroutine is after a Pin in an
// init function.
//
// When there is something to run and the owner is not in Run, another goroutine, or the owner itself,
// calls wake, so that a sleeping event loop wakes up and calls RunPending. An example is
// glfw.PostEmptyEvent. wake must not block, nor use the Loop. A nil wake does nothing.
func NewLoop(wake func()) *Loop {
	Pin()
	Current().held++
	l := &Loop{hook: wake, worker: worker{wake: make(chan struct{}, 1)}}
	l.Executor = &Executor{loop: l, live: 1, threads: 1, ended: make(chan struct{})}
	l.owner.Store(Current())
	return l
}

// RunPending runs the functions that are in the queue when it is called, and returns their number. It does
// not wait for functions that are queued later, and does not block if there are none. It panics if the
// caller is not the owner.
func (l *Loop) RunPending() int {
	l.mustOwn("RunPending")
	l.mu.Lock()
	limit := l.accepted
	l.mu.Unlock()
	return l.run(limit)
}

// Run runs functions until the Loop is closed and all functions that it accepted have run. It panics if the
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

// Close makes later calls return [ErrClosed]. If the owner calls Close outside of any function of the Loop, Close
// runs the functions that were accepted before, and unpins the owner. If another goroutine calls it, Close waits
// until the owner has run them, in Run, RunPending or its own Close. If a function of the Loop calls it, Close only
// closes the Loop.
//
// The owner must call Close when its loop has ended, even if other goroutines have called it. Close
// returns nil.
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

// drain runs the accepted functions when the owner closes the Executor, unless a caller further up
// the stack runs them.
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

// returned ends the Loop if a function has ended the owner, or if all functions have run.
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

// call tells the owner that there are functions to run.
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

// Main runs program in a new goroutine. Meanwhile it runs the functions that are passed to first, on the first
// thread of the process. It returns when program has ended and the functions that first accepted have run. It
// returns the error of program, or [ErrExited] if program called [runtime.Goexit]. Main is for libraries that
// require the first thread, such as those for windows on macOS:
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
// Main must be called by the main goroutine, which an init function must have pinned: only in an init function is it
// sure to be on the first thread. Otherwise Main panics. From then on the main goroutine sleeps in the kernel when
// it waits for osync's locks; other goroutines are not affected.
//
// A panic of program ends the process, as that of any goroutine does. The thread cannot be replaced; see [Loop].
// For event loops that must be called by func main, use [NewLoop].
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
	<-done // program itself may have closed first
	_ = l.Close()
	return err
}
