// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// A request is a call of a function, with what must be true of it afterwards.
type request struct {
	in, out explore.Var[int]
	ran     int
}

// f is the function: it sees what the caller has written, and is the only one that runs.
func (r *request) f(x *explore.Run) func() error {
	return func() error {
		x.Assert(r.in.Load() == 1, "the function does not see what came before the call")
		r.ran++
		r.out.Store(1)
		return io.EOF
	}
}

// check compares how often the function ran with what the call has returned.
func (r *request) check(x *explore.Run, err error, others ...error) {
	switch {
	case err == io.EOF:
		x.Assert(r.ran == 1 && r.out.Load() == 1, "the function ran %d times, and the call returned its error", r.ran)
	default:
		known := false
		for _, other := range others {
			known = known || errors.Is(err, other)
		}
		x.Assert(known, "the call returned %v", err)
		x.Assert(r.ran == 0, "the function ran %d times, and the call returned %v", r.ran, err)
	}
}

// A form is a way to call a function and wait for it.
type form func(x *explore.Run, e *thread.Executor, f func() error) error

func do(_ *explore.Run, e *thread.Executor, f func() error) error { return e.Do(f) }
func goWait(_ *explore.Run, e *thread.Executor, f func() error) error {
	return e.Go(f).Wait()
}

func doLimit(_ *explore.Run, e *thread.Executor, f func() error) error {
	return e.DoLimit(park.For(time.Second), f)
}

// doContext calls with a context that ends at a moment that the exploration chooses.
func doContext(x *explore.Run, e *thread.Executor, f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	x.Go(cancel)
	return e.DoContext(ctx, f)
}

// TestExploreExecutor lets goroutines call at once, and closes the Executor when they are done or meanwhile.
func TestExploreExecutor(t *testing.T) {
	for _, c := range []struct {
		name    string
		bounds  explore.Options
		options thread.ExecutorOptions
		forms   []form
		close   bool // meanwhile
	}{
		{"a call", complete, thread.ExecutorOptions{}, []form{do}, false},
		{"a task", complete, thread.ExecutorOptions{}, []form{goWait}, false},
		{"a call, closed", atMost(3), thread.ExecutorOptions{}, []form{do}, true},
		{"a task, closed", atMost(3), thread.ExecutorOptions{}, []form{goWait}, true},
		{"a limit", atMost(2), thread.ExecutorOptions{}, []form{doLimit}, false},
		{"a limit, closed", atMost(1), thread.ExecutorOptions{}, []form{doLimit}, true},
		{"a context", atMost(2), thread.ExecutorOptions{}, []form{doContext}, false},
		{"two calls", atMost(2), thread.ExecutorOptions{}, []form{do, do}, false},
		{"two calls, closed", atMost(1), thread.ExecutorOptions{}, []form{do, do}, true},
		{"a limit and a call", atMost(1), thread.ExecutorOptions{}, []form{doLimit, do}, false},
		{"two threads", atMost(1), thread.ExecutorOptions{Threads: 2}, []form{do, do}, false},
		{"two threads, a limit", random, thread.ExecutorOptions{Threads: 2}, []form{do, doLimit}, false},
		{"three calls", random, thread.ExecutorOptions{}, []form{do, goWait, doLimit}, true},
		{"a spin", spinning(random), thread.ExecutorOptions{Spin: time.Microsecond}, []form{do}, false},
		{"spins", spinning(random), thread.ExecutorOptions{Spin: time.Microsecond}, []form{do, doLimit}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				e, err := thread.NewExecutor(c.options)
				x.Assert(err == nil, "NewExecutor: %v", err)
				requests := make([]request, len(c.forms))
				for i, call := range c.forms {
					x.Go(func() {
						r := &requests[i]
						r.in.Store(1)
						err := call(x, e, r.f(x))
						r.check(x, err, thread.ErrClosed, context.Canceled, park.For(0).Err())
						x.Assert(c.close || err != thread.ErrClosed, "closed too early")
					})
				}
				if c.close {
					x.Assert(e.Close() == nil, "Close fails")
				}
				x.Wait()
				x.Assert(e.Close() == nil && thread.Live(e) == 0, "Close leaves %d threads", thread.Live(e))
			})
		})
	}
}

// TestExploreReplace discards threads, with other calls in the queue or on their way.
func TestExploreReplace(t *testing.T) {
	discard := func() error { thread.Discard(); return nil }
	exit := func() error { runtime.Goexit(); return nil }
	for _, c := range []struct {
		name   string
		bounds explore.Options
		f      func() error
		fails  int // the start that fails, 0 is none
		close  bool
	}{
		{"Discard", atMost(2), discard, 0, false},
		{"Goexit", atMost(2), exit, 0, false},
		{"Discard, closed", atMost(2), discard, 0, true},
		{"Start fails", atMost(2), discard, 2, false},
		{"Start fails, closed", atMost(2), discard, 2, true},
		{"Start fails, many", random, exit, 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				starts := 0 // one thread at a time
				e, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
					if starts++; starts == c.fails {
						return io.ErrUnexpectedEOF
					}
					return nil
				}})
				x.Assert(err == nil, "NewExecutor: %v", err)
				failed := 0
				var r request
				x.Go(func() {
					if err := e.Do(c.f); errors.Is(err, io.ErrUnexpectedEOF) {
						x.Assert(false, "the call that came first has no thread")
					}
					r.in.Store(1)
					err := e.Do(r.f(x))
					r.check(x, err, thread.ErrClosed, io.ErrUnexpectedEOF)
					if errors.Is(err, io.ErrUnexpectedEOF) {
						failed++
					}
				})
				if c.close {
					if e.Close() != nil {
						failed++
					}
				}
				x.Wait()
				if err := e.Close(); err != nil && !c.close {
					failed++
				}
				x.Assert(thread.Live(e) == 0, "Close leaves %d threads", thread.Live(e))
				want := 0
				if c.fails != 0 && starts >= c.fails {
					want = 1
				}
				x.Assert(failed == want, "the error of Start was returned %d times, want %d", failed, want)
			})
		})
	}
}

// TestExploreLoop lets goroutines call while the owner sleeps until it is woken, or runs.
func TestExploreLoop(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds explore.Options
		run    bool
		forms  []form
	}{
		{"RunPending", atMost(2), false, []form{do}},
		{"RunPending, a limit", atMost(1), false, []form{doLimit}},
		{"RunPending, two calls", random, false, []form{do, goWait}},
		{"Run", atMost(2), true, []form{do}},
		{"Run, a limit", atMost(1), true, []form{doLimit}},
		{"Run, two calls", random, true, []form{do, goWait}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				woken := make(chan bool, 1)
				loop := make(chan *thread.Loop, 1)
				x.Go(func() {
					l := thread.NewLoop(func() {
						select {
						case woken <- true:
						default:
						}
					})
					loop <- l
					if c.run {
						l.Run()
					} else {
						for open := true; open; l.RunPending() {
							open = <-woken
						}
					}
					x.Assert(l.Close() == nil, "Close fails")
				})
				l := <-loop
				requests := make([]request, len(c.forms))
				ended := make(chan bool, len(c.forms))
				for i, call := range c.forms {
					x.Go(func() {
						r := &requests[i]
						r.in.Store(1)
						r.check(x, call(x, l.Executor, r.f(x)), park.For(0).Err())
						ended <- true
					})
				}
				for range c.forms {
					<-ended
				}
				if c.run {
					x.Assert(l.Close() == nil, "Close fails")
				} else {
					close(woken)
				}
				x.Wait()
			})
		})
	}
}
