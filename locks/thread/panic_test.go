// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// TestPanicOfTheForgotten runs a program of its own for each case, since it may end by the panic.
func TestPanicOfTheForgotten(t *testing.T) {
	for name, tt := range map[string]struct {
		f    func()
		ends bool
	}{
		"thrown away": {func() { thread.Spawn(panics); linger() }, true},
		"thrown away later": {func() {
			h := thread.Spawn(panics)
			for range 5 {
				runtime.GC() // it must not end as long as somebody has the Handle
			}
			fmt.Println("so far, so good")
			runtime.KeepAlive(h)
			for range 300 {
				runtime.GC()
				time.Sleep(100 * time.Millisecond)
			}
		}, true},
		"on a discarded thread": {func() {
			thread.Spawn(func() error { thread.Discard(); return panics() })
			linger()
		}, true},
		"joined at once": {func() { joinPanic(thread.Spawn(panics)) }, false},
		"joined late": {func() {
			h := thread.Spawn(panics)
			for range 5 {
				runtime.GC()
			}
			joinPanic(h)
		}, false},
		"joined by a scope": {func() {
			defer func() {
				if _, ok := recover().(*thread.PanicError); !ok {
					panic("the scope has not panicked")
				}
			}()
			thread.Scope(func(g *thread.Group) error { g.Spawn(panics); return nil })
		}, false},
		"an error thrown away": {func() {
			thread.Spawn(func() error { return errors.New("snow") })
		}, false},
	} {
		const ofChild = "OSYNC_TEST_PANIC"
		switch os.Getenv(ofChild) {
		case name:
			tt.f()
			for range 5 {
				runtime.GC()
			}
			survive()
		case "":
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				out, err := locktest.Child(t, ofChild+"="+name, "-test.run=^TestPanicOfTheForgotten$")
				ended := bytes.Contains(out, []byte("to the end"))
				told := bytes.Contains(out, []byte("snow")) && bytes.Contains(out, []byte("thread_test.panics"))
				if name == "thrown away later" && !bytes.Contains(out, []byte("so far, so good")) {
					t.Errorf("it has ended while somebody had the Handle:\n%s", out)
				}
				if (err == nil) == tt.ends || ended == tt.ends || told != tt.ends {
					t.Errorf("%v, came to its end: %v, told the panic: %v, want it to end by the panic: %v\n%s", err, ended, told, tt.ends, out)
				}
			})
		}
	}
}

func panics() error { panic("snow") }

// joinPanic panics unless Join tells the panic of h.
func joinPanic(h *thread.Handle) {
	if _, ok := errors.AsType[*thread.PanicError](h.Join()); !ok {
		panic("Join does not tell of the panic")
	}
}

// linger is long enough for a panic to end the program, with no collection of garbage but its own.
func linger() {
	time.Sleep(30 * time.Second)
	survive()
}

// survive ends the program as if no panic had ended it.
func survive() {
	fmt.Println("to the end")
	os.Exit(0)
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
