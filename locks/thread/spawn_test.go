// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

func TestJoin(t *testing.T) {
	tests := []struct {
		name string
		f    func() error
		want error
	}{
		{"nil", func() error { return nil }, nil},
		{"error", func() error { return io.EOF }, io.EOF},
		{"panic with an error", func() error { panic(io.EOF) }, io.EOF},
		{"Goexit", func() error { runtime.Goexit(); return nil }, thread.ErrExited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := thread.Spawn(tt.f)
			for range 2 {
				if err := h.Join(); !errors.Is(err, tt.want) {
					t.Errorf("Join() = %v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestJoinPanic(t *testing.T) {
	err := thread.Spawn(func() error { panic("snow") }).Join()
	p, ok := errors.AsType[*thread.PanicError](err)
	if !ok {
		t.Fatalf("Join() = %T, want a PanicError", err)
	}
	if p.Value != "snow" || !strings.Contains(string(p.Stack), "TestJoinPanic") {
		t.Errorf("PanicError has value %v and a stack without the function:\n%s", p.Value, p.Stack)
	}
	if errors.Unwrap(err) != nil {
		t.Errorf("a string unwraps to %v", errors.Unwrap(err))
	}
}

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
				runtime.GC() // the program must not end while its Handle is reachable
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
		"a task thrown away": {func() {
			newExecutor().Go(panics)
			linger()
		}, true},
		"a task thrown away by Close": {func() {
			e := newExecutor()
			e.Go(panics)
			e.Go(func() error { thread.Discard(); return nil })
			if err := e.Close(); err != nil {
				panic(err)
			}
			linger()
		}, true},
		"a task that a wait gave up": {func() {
			e, end := newExecutor(), make(chan bool)
			task := e.Go(func() error { <-end; return panics() })
			if ended, _ := task.WaitFor(time.Millisecond); ended || task.WaitLimit(park.For(time.Millisecond)) == nil {
				panic("it has ended")
			}
			close(end)
			linger()
		}, true},
		"a task waited for": {func() {
			e := newExecutor()
			one, two, three := e.Go(panics), e.Go(panics), e.Go(panics)
			if err := e.Close(); err != nil {
				panic(err)
			}
			for range 5 {
				runtime.GC()
			}
			_, err := two.WaitFor(0)
			for _, err := range []error{one.Wait(), err, three.WaitContext(context.Background())} {
				if _, ok := errors.AsType[*thread.PanicError](err); !ok {
					panic("a wait does not return the panic")
				}
			}
		}, false},
		"a call": {func() { _ = newExecutor().Do(panics) }, false},
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
					t.Errorf("it has ended while the Handle was reachable:\n%s", out)
				}
				if (err == nil) == tt.ends || ended == tt.ends || told != tt.ends {
					t.Errorf("%v, came to its end: %v, told the panic: %v, want it to end by the panic: %v\n%s", err, ended, told, tt.ends, out)
				}
			})
		}
	}
}

func panics() error { panic("snow") }

// newExecutor returns an Executor with one thread.
func newExecutor() *thread.Executor {
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		panic(err)
	}
	return e
}

// joinPanic panics unless Join returns the panic of h.
func joinPanic(h *thread.Handle) {
	if _, ok := errors.AsType[*thread.PanicError](h.Join()); !ok {
		panic("Join does not return the panic")
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
