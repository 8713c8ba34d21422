// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

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

// TestScopeBothPanic shows that the panic of the function comes before that of a thread.
func TestScopeBothPanic(t *testing.T) {
	locktest.Panics(t, "Scope", "snow", func() {
		thread.Scope(func(g *thread.Group) error {
			g.Spawn(func() error { panic("hail") })
			panic("snow")
		})
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

// TestScopeReturnsPanicError has threads of a scope return the panic of a function outside, wrapped:
// that is an error, and no panic of theirs.
func TestScopeReturnsPanicError(t *testing.T) {
	outside := func() error {
		return fmt.Errorf("a task failed: %w", thread.Spawn(panics).Join())
	}
	for name, f := range map[string]func(g *thread.Group) error{
		"thread":   func(g *thread.Group) error { g.Spawn(outside); return nil },
		"function": func(*thread.Group) error { return outside() },
	} {
		var p *thread.PanicError
		if err := thread.Scope(f); !errors.As(err, &p) || p.Value != "snow" {
			t.Errorf("%s: Scope = %v, want the error that was returned", name, err)
		}
	}
	defer func() {
		if p, ok := recover().(*thread.PanicError); !ok || p.Value != "hail" {
			t.Errorf("Scope panicked with %v, want the panic of its own thread", p)
		}
	}()
	thread.Scope(func(g *thread.Group) error {
		g.Spawn(outside)
		g.Spawn(func() error { panic("hail") })
		return nil
	})
}
