// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package context

import (
	"context"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A canceler is a context that can be canceled, or the function of an AfterFunc, in an exploration. Its Done channel is
// the object of its steps, so the fields that they change need no lock.
type canceler struct {
	context.Context // the parent
	done            chan struct{}
	after           func() // started when the parent is done

	err      error
	cause    error // if it differs from err
	children []*canceler
	busy     bool          // some children are not yet canceled
	timer    *engine.Timer // of the deadline
	detach   func() bool   // of a parent with its own AfterFunc
}

// key is the key for which the Value method of a canceler returns the canceler itself.
var key int

// newContext returns a canceler that is canceled when parent is done.
func newContext(t *engine.Thread, parent context.Context, after func()) *canceler {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c := &canceler{Context: parent, done: make(chan struct{}), after: after}
	done := parent.Done()
	if done == nil {
		return c
	}
	if p, ok := parent.Value(&key).(*canceler); ok && p.done == channel.Both[struct{}](done) {
		t.Step(p.op("context: derive", engine.Write))
		if p.err == nil {
			p.children = append(p.children, c)
		} else {
			c.settle(t, p.err, p.cause)
		}
		return c
	}
	c.follow(t, parent)
	return c
}

// follow arranges that c is canceled when parent, a context of another type, is done.
func (c *canceler) follow(t *engine.Thread, parent context.Context) {
	cancel := func() { c.cancel(parent.Err(), Cause(parent)) }
	if hook.Select(true, hook.OnRecv(parent.Done())) == 0 {
		c.settle(t, parent.Err(), Cause(parent))
	} else if p, ok := parent.(interface{ AfterFunc(f func()) func() bool }); ok {
		c.detach = p.AfterFunc(cancel)
	} else {
		t.Go(func() {
			if hook.Select(false, hook.OnRecv(parent.Done()), hook.OnRecv(c.done)) == 0 {
				cancel()
			}
		})
	}
}

func (c *canceler) op(name string, access engine.Access) *engine.Op {
	return &engine.Op{Name: name, Addr: channel.Pointer(c.done), Access: access}
}

// Done implements context.Context.
func (c *canceler) Done() <-chan struct{} { return c.done }

// Err implements context.Context.
func (c *canceler) Err() error {
	if t := engine.Self(); t != nil {
		t.Step(c.op("Context.Err", engine.Read))
	}
	return c.err
}

// Value implements context.Context.
func (c *canceler) Value(k any) any {
	if k == &key {
		return c
	}
	return c.Context.Value(k)
}

// An open canceler has not been canceled.
type open canceler

func (c *open) Ready() bool { return c.err == nil }

// An idle canceler has no children that are not yet canceled.
type idle canceler

func (c *idle) Ready() bool { return !c.busy }

// cancel cancels c and then its children, each in its own step. Like the original, it returns when the children are
// canceled, even if another goroutine cancels them.
func (c *canceler) cancel(err, cause error) {
	t := engine.Self()
	if c.step(t, "Context, cancel") {
		c.settle(t, err, cause)
		c.spread(t)
	} else if c.busy {
		op := c.op("Context, being canceled", engine.Read)
		op.Ready = (*idle)(c)
		t.Step(op)
	}
}

// stop keeps the function of c from being called, and reports whether it did.
func (c *canceler) stop() bool {
	t := engine.Self()
	if !c.step(t, "context.AfterFunc, stop") {
		return false
	}
	c.after = nil
	c.settle(t, context.Canceled, nil)
	c.spread(t)
	return true
}

// step takes a step that cancels c unless it is already canceled, and reports whether this step canceled it.
func (c *canceler) step(t *engine.Thread, name string) bool {
	if c.timer != nil {
		t.StopTimer(name, c.timer)
	} else {
		op := c.op(name, engine.Write)
		op.Ready, op.Try = (*open)(c), true
		t.Step(op)
	}
	return c.err == nil
}

// settle marks c canceled. It is part of a step on c, or of the step that created c.
func (c *canceler) settle(t *engine.Thread, err, cause error) {
	c.err, c.cause, c.busy = err, cause, len(c.children) > 0
	channel.Of(t, c.done).Close(t)
	if c.after != nil {
		t.Go(c.after)
	}
}

// spread completes what settle began: it cancels the children of c and detaches c from its parent.
func (c *canceler) spread(t *engine.Thread) {
	if c.busy {
		for _, child := range c.children {
			child.cancel(c.err, c.cause)
		}
		t.Touch(channel.Pointer(c.done))
		c.busy = false
	}
	if c.detach != nil {
		c.detach()
	}
}

// startTimer arranges that c is canceled at the time when. It is part of the step that created c.
func (c *canceler) startTimer(t *engine.Thread, when int64, cause error) {
	c.timer = t.StartTimer("Context, deadline", when, channel.Pointer(c.done), func(timer *engine.Thread) {
		c.settle(timer, context.DeadlineExceeded, cause)
		if c.busy || c.detach != nil {
			timer.Go(func() { c.spread(engine.Self()) })
		}
	})
}
