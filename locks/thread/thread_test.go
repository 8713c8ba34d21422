// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

func TestParkTakesOnePermit(t *testing.T) {
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	if thread.ParkFor(0) || thread.ParkFor(-1) || thread.ParkFor(time.Millisecond) {
		t.Error("parked without a permit")
	}
	me.Unpark()
	me.Unpark()
	if !thread.ParkFor(0) {
		t.Error("the permit is gone")
	}
	if thread.ParkFor(0) {
		t.Error("two calls of Unpark give two permits")
	}
	me.Unpark()
	thread.Park()
	me.Unpark()
	if err := thread.ParkContext(t.Context()); err != nil {
		t.Errorf("ParkContext = %v with a permit", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Millisecond, func() { cancel(io.EOF) })
	if err := thread.ParkContext(ctx); err != io.EOF {
		t.Errorf("ParkContext = %v, want the cause", err)
	}
	me.Unpark()
	if !thread.ParkFor(math.MaxInt64) {
		t.Error("a park that gave up has taken a permit")
	}
}

// TestUnpark passes permits to and fro. None may be lost: it would hang.
func TestUnpark(t *testing.T) {
	const n = 1000
	var there, back atomic.Int32
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	h := thread.Spawn(func() error {
		for range n {
			thread.Park()
			there.Add(1)
			me.Unpark()
		}
		return nil
	})
	for range n {
		h.Thread().Unpark()
		thread.Park()
		back.Add(1)
		if there.Load() != back.Load() {
			t.Fatalf("%d there, %d back", there.Load(), back.Load())
		}
	}
	h.Join()
	h.Thread().Unpark() // of a thread that has ended: nothing happens
}

func TestCurrent(t *testing.T) {
	if thread.Current() != nil {
		t.Error("an ordinary goroutine has a Thread")
	}
	var inside *thread.Thread
	var id uint64
	h := thread.Spawn(func() error {
		inside, id = thread.Current(), thread.ID()
		return nil
	})
	h.Join()
	if inside == nil || inside != h.Thread() || inside.ID() != id {
		t.Errorf("Current() = %v with id %d, want %v with id %d", inside, inside.ID(), h.Thread(), id)
	}
	for name, f := range map[string]func(){
		"Park":        thread.Park,
		"ParkFor":     func() { thread.ParkFor(0) },
		"ParkContext": func() { thread.ParkContext(t.Context()) },
		"SetName":     func() { thread.SetName("x") },
		"SetPriority": func() { thread.SetPriority(thread.Normal) },
		"SetAffinity": func() { thread.SetAffinity(0) },
		"Affinity":    func() { thread.Affinity() },
		"Discard":     thread.Discard,
	} {
		func() {
			defer func() {
				if p := recover(); p != "thread: "+name+" by a goroutine that is not pinned" {
					t.Errorf("%s by an ordinary goroutine panics with %v", name, p)
				}
			}()
			f()
		}()
	}
}

// pinned runs f in a thread of its own, which ends with it if f changes it.
func pinned(t *testing.T, f func()) {
	t.Helper()
	if err := thread.Spawn(func() error { f(); return nil }).Join(); err != nil {
		t.Error(err)
	}
}

// supported reports whether err says nothing of a missing binding.
func supported(t *testing.T, err error) bool {
	t.Helper()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Logf("not checked on %s: %v", runtime.GOOS, err)
		return false
	}
	return true
}

// longName is more than some systems have room for.
const longName = "osync's own thread"

func TestSetName(t *testing.T) {
	pinned(t, func() {
		err := thread.SetName(longName)
		if !supported(t, err) {
			return
		}
		if err != nil {
			t.Errorf("SetName = %v", err)
		}
		if got := systemName(t); got != cutName {
			t.Errorf("the name is %q, want %q", got, cutName)
		}
		if err := thread.SetName("zero\x00byte"); !errors.Is(err, os.ErrInvalid) {
			t.Errorf("SetName of a name with a zero byte = %v, want %v", err, os.ErrInvalid)
		}
		if got := systemName(t); got != cutName {
			t.Errorf("a name that is none has made it %q", got)
		}
	})
}

func TestSetPriority(t *testing.T) {
	pinned(t, func() {
		// Upwards at the end: that needs a privilege on Linux.
		for _, p := range []thread.Priority{thread.Normal, thread.Low, thread.Lowest, thread.High, thread.Highest} {
			err := thread.SetPriority(p)
			if !supported(t, err) {
				break
			}
			if errors.Is(err, os.ErrPermission) && p > thread.Normal {
				t.Logf("not checked without the privilege: %v", err)
				break
			}
			if err != nil {
				t.Errorf("SetPriority(%d) = %v", p, err)
			} else if got := systemPriority(t); got != systemPriorities[p] {
				t.Errorf("SetPriority(%d) has made it %s, want %s", p, got, systemPriorities[p])
			}
		}
		for _, p := range []thread.Priority{thread.Lowest - 1, thread.Highest + 1, math.MinInt, math.MaxInt} {
			if err := thread.SetPriority(p); !errors.Is(err, os.ErrInvalid) {
				t.Errorf("SetPriority(%d) = %v, want %v", p, err, os.ErrInvalid)
			}
		}
	})
}

// TestWithoutBinding shows that where osync has no binding, each answer about the system's thread is
// that, nobody panics, and all else is as elsewhere.
func TestWithoutBinding(t *testing.T) {
	if thread.ID() != 0 {
		t.Skipf("%s has a binding", runtime.GOOS)
	}
	thread.Pin()
	defer thread.Unpin()
	_, err := thread.Affinity()
	for name, err := range map[string]error{
		"SetName":     thread.SetName("x"),
		"SetPriority": thread.SetPriority(thread.Normal),
		"SetAffinity": thread.SetAffinity(0),
		"Affinity":    err,
	} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s = %v, want %v", name, err, errors.ErrUnsupported)
		}
	}
	if thread.Current().ID() != 0 {
		t.Error("a thread has a number that ID does not know")
	}
	thread.Sleep(time.Millisecond)
	thread.Yield()
}

func TestSetAffinity(t *testing.T) {
	pinned(t, func() {
		cpus, err := thread.Affinity()
		if !supported(t, err) {
			return
		}
		if err != nil || len(cpus) == 0 {
			t.Fatalf("Affinity() = %v, %v", cpus, err)
		}
		last := cpus[len(cpus)-1:]
		if err := thread.SetAffinity(last...); err != nil {
			t.Errorf("SetAffinity(%v) = %v", last, err)
		}
		if got, err := thread.Affinity(); err != nil || !slices.Equal(got, last) {
			t.Errorf("Affinity() = %v, %v, want %v", got, err, last)
		}
		for _, wrong := range [][]int{nil, {-1}, {1 << 20}} {
			if thread.SetAffinity(wrong...) == nil {
				t.Errorf("SetAffinity(%v) = nil", wrong)
			}
		}
	})
}

func TestSleep(t *testing.T) {
	for _, d := range []time.Duration{math.MinInt64, 0, time.Microsecond, 3 * time.Millisecond} {
		begin := time.Now()
		thread.Sleep(d)
		if took := time.Since(begin); took < d || took > max(d, 0)+20*time.Second {
			t.Errorf("Sleep(%v) took %v", d, took)
		}
	}
	thread.Yield() // returns
}

func TestScope(t *testing.T) {
	var ran atomic.Int32
	one, two := errors.New("one"), errors.New("two")
	err := thread.Scope(func(g *thread.Group) error {
		g.Spawn(func() error {
			g.Spawn(func() error { time.Sleep(time.Millisecond); ran.Add(1); return two })
			ran.Add(1)
			return one
		})
		return io.EOF
	})
	if ran.Load() != 2 {
		t.Errorf("%d of 2 threads have ended with the scope", ran.Load())
	}
	for _, want := range []error{one, two, io.EOF} {
		if !errors.Is(err, want) {
			t.Errorf("Scope = %v, which lacks %v", err, want)
		}
	}
	if err := thread.Scope(func(*thread.Group) error { return nil }); err != nil {
		t.Errorf("Scope = %v, want nil", err)
	}
}

func TestScopePanics(t *testing.T) {
	for name, f := range map[string]func(g *thread.Group) error{
		"thread":   func(g *thread.Group) error { g.Spawn(func() error { panic("snow") }); return nil },
		"function": func(*thread.Group) error { panic("snow") },
	} {
		ended := make(chan struct{})
		func() {
			defer func() {
				p := recover()
				if pe, ok := p.(*thread.PanicError); ok {
					p = pe.Value
				}
				if p != "snow" {
					t.Errorf("panic of the %s: Scope panicked with %v", name, p)
				}
				select {
				case <-ended:
				default:
					t.Errorf("panic of the %s: Scope did not wait", name)
				}
			}()
			thread.Scope(func(g *thread.Group) error {
				g.Spawn(func() error { time.Sleep(time.Millisecond); close(ended); return nil })
				return f(g)
			})
		}()
	}
}

// TestScopeBothPanic shows whose panic goes on.
func TestScopeBothPanic(t *testing.T) {
	defer func() {
		if p := recover(); p != "snow" {
			t.Errorf("Scope panicked with %v, want the panic of its function", p)
		}
	}()
	thread.Scope(func(g *thread.Group) error {
		g.Spawn(func() error { panic("hail") })
		panic("snow")
	})
}

// TestScopeGoexit ends the function of a scope as a failed test does.
func TestScopeGoexit(t *testing.T) {
	var joined, returned atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if !joined.Load() {
				t.Error("Scope did not wait")
			}
		}()
		thread.Scope(func(g *thread.Group) error {
			g.Spawn(func() error { time.Sleep(time.Millisecond); joined.Store(true); return nil })
			runtime.Goexit()
			return nil
		})
		returned.Store(true)
	}()
	<-done
	if returned.Load() {
		t.Error("Scope has stopped a Goexit")
	}
	if err := thread.Scope(func(g *thread.Group) error {
		g.Spawn(func() error { runtime.Goexit(); return nil })
		return nil
	}); !errors.Is(err, thread.ErrExited) {
		t.Errorf("Scope = %v with a thread that called Goexit, want %v", err, thread.ErrExited)
	}
}
