// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"weak"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(locks.Once) }, options()...)
}

// A contextOnce is a Once whose Do is DoContext, of an f that does not fail.
type contextOnce struct{ locks.Once }

func (o *contextOnce) Do(f func()) {
	defer o.Once.Do(func() {}) // after a panic DoContext would try again
	o.DoContext(context.Background(), func(context.Context) error { f(); return nil })
}

// TestOnceDoContext checks what DoContext has in common with Do.
func TestOnceDoContext(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(contextOnce) }, options()...)
}

// TestOnceRetries lets f fail in each way there is, after which the next caller calls its own.
func TestOnceRetries(t *testing.T) {
	ctx := context.WithValue(t.Context(), t, "the caller's")
	failed := errors.New("failed")
	for name, fail := range map[string]func(o *locks.Once){
		"error": func(o *locks.Once) {
			if err := o.DoContext(ctx, func(context.Context) error { return failed }); err != failed {
				t.Errorf("DoContext = %v, want the error of f", err)
			}
		},
		"panic": func(o *locks.Once) {
			locktest.Panics(t, "DoContext", "snow", func() { o.DoContext(ctx, func(context.Context) error { panic("snow") }) })
		},
		"Goexit": func(o *locks.Once) {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				o.DoContext(ctx, func(context.Context) error { runtime.Goexit(); return nil })
			}()
			<-ended
		},
		"ended": func(o *locks.Once) {
			ended, cancel := context.WithCancelCause(ctx)
			cancel(failed)
			if err := o.DoContext(ended, func(context.Context) error { t.Error("f was called"); return nil }); err != failed {
				t.Errorf("DoContext with an ended context = %v, want its cause", err)
			}
		},
		"not at all": func(*locks.Once) {},
	} {
		var o locks.Once
		for range 2 {
			fail(&o)
		}
		calls := 0
		for range 2 {
			err := o.DoContext(ctx, func(c context.Context) error {
				if c != ctx {
					t.Errorf("%s: f has got another context", name)
				}
				calls++
				return nil
			})
			if err != nil || calls != 1 {
				t.Errorf("%s: DoContext = %v after %d calls of f, want nil and 1", name, err, calls)
			}
		}
		o.Do(func() { t.Errorf("%s: Do has called f after DoContext", name) })
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := o.DoContext(ended, nil); err != context.Canceled {
			t.Errorf("%s: done, DoContext with an ended context = %v, want %v", name, err, context.Canceled)
		}
		if o.Waiting() != 0 {
			t.Errorf("%s: %d wait", name, o.Waiting())
		}

		var afterDo locks.Once
		fail(&afterDo)
		afterDo.Do(func() { calls++ })
		if err := afterDo.DoContext(ctx, nil); err != nil || calls != 2 {
			t.Errorf("%s: DoContext after Do = %v, %d calls of f, want nil and 2", name, err, calls)
		}
	}
	var none context.Context
	locktest.Panics(t, "a nil context", "locks: nil context", func() { new(locks.Once).DoContext(none, nil) })
}

// TestOnceTakesOver lets callers wait while one calls f. When that gives up, the next one takes over; one that
// gives up meanwhile disturbs neither.
func TestOnceTakesOver(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var o locks.Once
		calls := 0
		first, giveUp := context.WithCancel(t.Context())
		third, leave := context.WithCancel(t.Context())
		started, left := make(chan struct{}), make(chan error, 1)
		c.Start(func() {
			err := o.DoContext(first, func(ctx context.Context) error {
				calls++
				close(started)
				<-ctx.Done()
				return ctx.Err()
			})
			if err != context.Canceled {
				t.Errorf("the first caller: %v, want %v", err, context.Canceled)
			}
		})
		<-started
		succeed := func() {
			if err := o.DoContext(t.Context(), func(context.Context) error { calls++; return nil }); err != nil {
				t.Error(err)
			}
			if calls != 2 {
				t.Errorf("%d calls of f, want 2", calls)
			}
		}
		c.StartWaiting(&o, succeed)
		c.StartWaiting(&o, func() {
			left <- o.DoContext(third, func(context.Context) error { t.Error("the third has called f"); return nil })
		})
		c.StartWaiting(&o, succeed)
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the third caller: %v, want %v", err, context.Canceled)
		}
		if n := o.Waiting(); n != 2 || first.Err() != nil {
			t.Errorf("%d wait, want 2, and the first must go on: %v", n, first.Err())
		}
		giveUp()
		c.Join()
	})
}

// TestOnceValueContext looks at values and errors.
func TestOnceValueContext(t *testing.T) {
	failed := errors.New("failed")
	calls := 0
	once := locks.OnceValueContext(func(context.Context) (int, error) {
		if calls++; calls < 3 {
			return -calls, failed
		}
		return calls, nil
	})
	for i, want := range []struct {
		v   int
		err error
	}{{-1, failed}, {-2, failed}, {3, nil}, {3, nil}} {
		if v, err := once(t.Context()); v != want.v || err != want.err {
			t.Errorf("call %d: %d, %v, want %d, %v", i+1, v, err, want.v, want.err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := once(ended); v != 0 || err != context.Canceled {
		t.Errorf("with an ended context: %d, %v", v, err)
	}
	panics := true
	once = locks.OnceValueContext(func(context.Context) (int, error) {
		if panics {
			panics = false
			panic("snow")
		}
		return 1, nil
	})
	locktest.Panics(t, "the first call", "snow", func() { once(t.Context()) })
	if v, err := once(t.Context()); v != 1 || err != nil {
		t.Errorf("after a panic: %d, %v, want 1", v, err)
	}
}

// TestOnceFuncPanics checks that each call panics as the first one did.
func TestOnceFuncPanics(t *testing.T) {
	f := locks.OnceFunc(func() { panic("snow") })
	for range 2 {
		locktest.Panics(t, "OnceFunc", "snow", f)
	}
}

func snowfall() { panic("snow") }

// TestOnceFuncShowsWhere looks at the stack of the first panic. It shows where f has panicked.
func TestOnceFuncShowsWhere(t *testing.T) {
	defer func() {
		recover()
		if stack := string(debug.Stack()); !strings.Contains(stack, "snowfall") {
			t.Errorf("the stack does not show the function that has panicked:\n%s", stack)
		}
	}()
	locks.OnceFunc(snowfall)()
}

// TestOnceForgets shows that what f refers to can be collected once f has returned, or panicked, while the function
// made of it is still in use.
func TestOnceForgets(t *testing.T) {
	for name, newOnce := range map[string]func(f func()) func(){
		"OnceValueContext": func(f func()) func() {
			failed := false
			once := locks.OnceValueContext(func(context.Context) (int, error) {
				if !failed {
					failed = true
					return 0, errors.New("the first call fails")
				}
				f()
				return 0, nil
			})
			once(context.Background())
			return func() { once(context.Background()) }
		},
		"OnceFunc":  locks.OnceFunc,
		"OnceValue": func(f func()) func() { once := locks.OnceValue(func() int { f(); return 0 }); return func() { once() } },
		"OnceValues": func(f func()) func() {
			once := locks.OnceValues(func() (int, int) { f(); return 0, 0 })
			return func() { once() }
		},
	} {
		for _, panics := range []bool{false, true} {
			if panics && name == "OnceValueContext" {
				continue // f is called again
			}
			much := new([1 << 16]byte)
			held := weak.Make(much)
			once := newOnce(func() {
				much[0]++
				if panics {
					panic("snow")
				}
			})
			func() {
				defer func() { recover() }()
				once()
			}()
			locktest.Eventually(t, "the memory is collected", func() bool {
				runtime.GC()
				return held.Value() == nil
			})
			runtime.KeepAlive(once)
			if panics {
				locktest.Panics(t, name, "snow", once)
			}
		}
	}
}
