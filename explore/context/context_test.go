// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package context_test

import (
	real "context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/osync-go/osync/explore/context"
	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/sync/atomic"
)

var background = real.Background()

func isDone(ctx real.Context) bool { return hook.Select(true, hook.OnRecv(ctx.Done())) == 0 }

// A context can be canceled at any time; Err and Done agree.
func TestCancel(t *testing.T) {
	Outcomes(t, func() string {
		ctx, cancel := context.WithCancel(background)
		got := ""
		All(cancel, cancel, func() {
			got = fmt.Sprint(ctx.Err())
			if done := isDone(ctx); ctx.Err() == nil && done {
				got = "Done without Err"
			} else if got != "<nil>" && !done {
				got = "Err without Done"
			}
		})
		hook.Recv(ctx.Done())
		return fmt.Sprint(got, " ", ctx.Err(), " ", context.Cause(ctx))
	}, "<nil> context canceled context canceled", "context canceled context canceled context canceled")
}

var errStop = errors.New("stop")

type key struct{}

// When cancel returns, the children of a context have been canceled after it, with its cause.
func TestChildren(t *testing.T) {
	Outcomes(t, func() string {
		parent, cancel := context.WithCancelCause(background)
		child, cancelChild := context.WithCancel(real.WithValue(parent, key{}, "value"))
		early, seen := false, ""
		All(
			func() { cancel(errStop); early = early || child.Err() == nil },
			func() { cancel(nil); early = early || child.Err() == nil },
			func() {
				hook.Recv(parent.Done())
				seen = fmt.Sprint(child.Err() != nil)
			},
		)
		cancelChild()
		return fmt.Sprint(early, seen, context.Cause(child) == errStop, child.Value(key{}))
	}, "falsetruetruevalue", "falsefalsetruevalue", "falsetruefalsevalue", "falsefalsefalsevalue")
	Outcomes(t, func() string { // the child keeps its own cause
		parent, cancel := context.WithCancel(background)
		child, cancelChild := context.WithCancelCause(parent)
		All(cancel, func() { cancelChild(errStop) })
		grandchild, cancel2 := context.WithCancel(child)
		defer cancel2()
		without, cancel3 := context.WithCancel(real.WithoutCancel(parent))
		defer cancel3()
		return fmt.Sprint(context.Cause(child), ", ", context.Cause(grandchild), ", ", without.Err(), ", ", context.Cause(without))
	}, "context canceled, context canceled, <nil>, <nil>", "stop, stop, <nil>, <nil>")
}

// A context that is derived while its parent is canceled is canceled, too.
func TestDeriveWhileCanceled(t *testing.T) {
	Outcomes(t, func() string {
		parent, cancel := context.WithCancel(background)
		var child real.Context
		All(cancel, func() { child, _ = context.WithCancel(parent) })
		return fmt.Sprint(child.Err())
	}, "context canceled")
}

func TestDeadline(t *testing.T) {
	Outcomes(t, func() string { // passes at any time, or never
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errStop)
		child, cancelChild := context.WithTimeout(ctx, time.Hour)
		defer cancelChild()
		seen := fmt.Sprint(ctx.Err())
		cancel()
		hook.Recv(child.Done())
		return fmt.Sprint(seen, ", ", ctx.Err(), ", ", context.Cause(child))
	},
		"<nil>, context canceled, context canceled",
		"<nil>, context deadline exceeded, stop",
		"context deadline exceeded, context deadline exceeded, stop")
	Outcomes(t, func() string {
		ctx, cancel := context.WithDeadline(background, time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC))
		defer cancel()
		before, ok := ctx.Deadline()
		child, cancelChild := context.WithDeadline(ctx, before.Add(1))
		defer cancelChild()
		inherited, _ := child.Deadline()
		past, cancelPast := context.WithTimeout(ctx, 0)
		defer cancelPast()
		hook.Recv(child.Done())
		return fmt.Sprint(before.Day(), ok, inherited.Equal(before), past.Err())
	}, "2 true true context deadline exceeded")
}

func TestAfterFunc(t *testing.T) {
	Outcomes(t, func() string {
		ctx, cancel := context.WithCancel(background)
		var calls atomic.Int32
		called := make(chan int)
		stop := context.AfterFunc(ctx, func() { calls.Add(1); hook.Close(called) })
		stopped := false
		All(cancel, func() { stopped = stop() })
		if !stopped {
			hook.Recv(called)
		}
		return fmt.Sprint(stopped, calls.Load(), stop())
	}, "true 0 false", "false 1 false")
}

// A foreign is a context of another type.
type foreign struct {
	real.Context
	done chan struct{}
}

func (f foreign) Done() <-chan struct{} { return f.done }

func (f foreign) Err() error {
	if isDone(f) {
		return errStop
	}
	return nil
}

func TestForeign(t *testing.T) {
	Outcomes(t, func() string {
		parent := foreign{background, make(chan struct{})}
		child, cancel := context.WithCancel(parent)
		All(cancel, func() { hook.Close(parent.done) })
		hook.Recv(child.Done())
		late, cancelLate := context.WithCancel(parent)
		cancelLate()
		return fmt.Sprint(child.Err(), ", ", late.Err())
	}, "context canceled, stop", "stop, stop")
}

// A parent can have its own Done, or AfterFunc.
func TestWrapped(t *testing.T) {
	Outcomes(t, func() string {
		inner, cancelInner := context.WithCancel(background)
		defer cancelInner()
		parent := foreign{inner, make(chan struct{})}
		child, cancel := context.WithCancel(parent)
		defer cancel()
		hook.Close(parent.done)
		hook.Recv(child.Done())
		return fmt.Sprint(child.Err(), ", ", context.Cause(parent), ", ", inner.Err())
	}, "stop, stop, <nil>")
	Outcomes(t, func() string {
		var f func()
		stopped := false
		parent := withAfterFunc{foreign{background, make(chan struct{})}, func(g func()) func() bool {
			f = g
			return func() bool { stopped = true; return true }
		}}
		a, cancelA := context.WithCancel(parent)
		cancelA()
		b, cancelB := context.WithTimeout(parent, time.Second)
		defer cancelB()
		hook.Close(parent.done)
		f()
		return fmt.Sprint(a.Err(), ", ", stopped, ", ", b.Err())
	}, "context canceled, true, stop", "context canceled, true, context deadline exceeded")
}

type withAfterFunc struct {
	foreign
	afterFunc func(f func()) func() bool
}

func (w withAfterFunc) AfterFunc(f func()) func() bool { return w.afterFunc(f) }

// Real contexts can be parents, too, and those already canceled are recognized.
func TestReal(t *testing.T) {
	canceled, cancel := real.WithCancelCause(background)
	cancel(errStop)
	ctx, cancel2 := real.WithCancel(background)
	defer cancel2()
	Outcomes(t, func() string {
		a, cancelA := context.WithCancel(canceled)
		defer cancelA()
		b, cancelB := context.WithCancel(ctx)
		before := b.Err()
		cancelB()
		return fmt.Sprint(a.Err(), ", ", context.Cause(a), ", ", context.Cause(canceled), ", ", before, ", ", b.Err())
	}, "context canceled, stop, stop, <nil>, context canceled")
}

func TestOutside(t *testing.T) {
	ctx, cancel := context.WithCancelCause(background)
	called := make(chan int)
	context.AfterFunc(ctx, func() { close(called) })
	a, cancelA := context.WithCancel(ctx)
	defer cancelA()
	b, cancelB := context.WithTimeout(ctx, time.Hour)
	defer cancelB()
	c, cancelC := context.WithDeadline(ctx, time.Now().Add(-time.Hour))
	defer cancelC()
	cancel(errStop)
	<-called
	for _, child := range []real.Context{a, b} {
		if <-child.Done(); context.Cause(child) != errStop {
			t.Errorf("the cause is %v, want %v", context.Cause(child), errStop)
		}
	}
	if c.Err() != real.DeadlineExceeded {
		t.Errorf("Err is %v, want %v", c.Err(), real.DeadlineExceeded)
	}
}
