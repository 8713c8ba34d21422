// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A Once performs exactly one action. It is [sync.Once] with a [Mutex] of this package. [Once.DoContext] is for an
// action that can fail, or that can take longer than its caller can wait.
//
// The zero value is a Once that has not performed its action. A Once must not be copied after first
// use. It is eight bytes long.
//
// While f runs, other callers of Do wait as for a Mutex: a goroutine waits in the Go scheduler, and
// a pinned thread (see package thread) in the kernel.
//
// In the terms of [the Go memory model], the return of f from once.Do(f) synchronizes
// before the return of every call of once.Do; the same holds for DoContext when both return nil.
//
// [the Go memory model]: https://go.dev/ref/mem
type Once struct {
	_    noCopy
	done atomic.Uint32 // 1 after an f of Do has returned, or panicked, or one of DoContext has returned nil
	m    Mutex         // held while f runs
}

// Do calls f if Do has not been called before for this Once. Every call of Do blocks until that first
// f has returned, so an f that calls Do of the same Once blocks forever. If f panics, Do considers it
// to have returned; later calls of Do return without calling f.
func (o *Once) Do(f func()) {
	if o.done.Load() == 0 { // acquire
		o.doSlow(f)
	}
}

//go:noinline
func (o *Once) doSlow(f func()) {
	if debugging {
		noteType(unsafe.Pointer(&o.m), typeOnce)
	}
	o.m.Lock()
	defer o.m.Unlock()
	if o.done.Load() == 0 {
		defer o.done.Store(1) // release; also when f panics
		f()
	}
}

// DoContext calls f with ctx if the action of this Once has not been performed, and returns the error of f. If that
// is nil, the action has been performed: from then on all calls of Do and DoContext return without calling their
// function, and DoContext returns nil.
//
// If f returns an error, the action has not been performed, whatever the error is: that ctx is done, or that a server
// did not answer. Only this call returns that error. If other callers wait, one of them, usually the longest, calls its
// own f next, with its own context. So a caller that gives up does not make others fail, but each caller may try, one
// after the other, and f should not fail slowly for a reason that persists. An f that must not be retried stores its
// error elsewhere and returns nil.
//
// While another caller's f runs, DoContext waits until that f has returned or ctx is done. If ctx is done first,
// DoContext returns an error that wraps the [context.Cause] of ctx, and has not called its own f. This does not
// affect the f that is running, which obeys its own context. If ctx is already done, DoContext returns its cause
// without calling f, even if the action has been performed. A nil ctx panics.
//
// If f panics or calls [runtime.Goexit], the action has not been performed either, and the next caller
// tries. (With Do it counts as performed.) An f that calls Do or DoContext of the same Once waits for
// itself.
func (o *Once) DoContext(ctx context.Context, f func(ctx context.Context) error) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if o.done.Load() != 0 { // acquire
		return nil
	}
	return o.doContextSlow(ctx, f)
}

//go:noinline
func (o *Once) doContextSlow(ctx context.Context, f func(ctx context.Context) error) error {
	if debugging {
		noteType(unsafe.Pointer(&o.m), typeOnce)
	}
	if !o.m.TryLock() {
		if err := o.m.LockLimit(park.Context(ctx)); err != nil {
			if o.done.Load() != 0 { // acquire; a waiter that is about to find this out had the lock
				return nil
			}
			return err
		}
	}
	defer o.m.Unlock()
	if o.done.Load() == 0 {
		if err := f(ctx); err != nil {
			return err
		}
		o.done.Store(1) // release
	}
	return nil
}

// OnceFunc returns a function that calls f once. It may be called concurrently; all calls
// return after f has. If f panics, every call panics with the same value.
func OnceFunc(f func()) func() {
	c := &struct {
		onceCall
		f func()
	}{f: f}
	return func() {
		c.do(func() {
			f := c.f
			c.f = nil // f may keep much memory alive, and is not needed again, even if it panics
			f()
		})
	}
}

// OnceValue returns a function that calls f once, and returns its result every time. It
// may be called concurrently. If f panics, every call panics with the same value.
func OnceValue[T any](f func() T) func() T {
	c := &struct {
		onceCall
		f func() T
		v T
	}{f: f}
	return func() T {
		c.do(func() {
			f := c.f
			c.f = nil
			c.v = f()
		})
		return c.v
	}
}

// OnceValues returns a function that calls f once, and returns its results every time. It
// may be called concurrently. If f panics, every call panics with the same value.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	c := &struct {
		onceCall
		f  func() (T1, T2)
		v1 T1
		v2 T2
	}{f: f}
	return func() (T1, T2) {
		c.do(func() {
			f := c.f
			c.f = nil
			c.v1, c.v2 = f()
		})
		return c.v1, c.v2
	}
}

// OnceValueContext returns a function that calls f until a call has succeeded, and returns the value of that call
// every time. It may be called concurrently. Callers wait and take turns as with [Once.DoContext]: f runs with the
// context of the caller that calls it, and only that caller gets an error or a panic of f. With an error comes the
// value that f returned with it. A caller that gives up waiting gets the zero value.
func OnceValueContext[T any](f func(ctx context.Context) (T, error)) func(ctx context.Context) (T, error) {
	c := &struct {
		once Once
		f    func(ctx context.Context) (T, error)
		v    T
	}{f: f}
	return func(ctx context.Context) (v T, err error) {
		err = c.once.DoContext(ctx, func(ctx context.Context) (err error) {
			if v, err = c.f(ctx); err == nil {
				c.v = v
				c.f = nil // f may keep much memory alive, and is not needed again
			}
			return err
		})
		if err == nil {
			v = c.v
		}
		return v, err
	}
}

// A onceCall is a Once that keeps the panic of the function it has called.
type onceCall struct {
	once     Once
	returned bool // false after a panic, and after runtime.Goexit
	panicked any
}

// do calls f if it is the first call of do. It panics, now and later, if that f does.
func (c *onceCall) do(f func()) {
	c.once.Do(func() {
		defer func() {
			if !c.returned {
				c.panicked = recover()
				panic(c.panicked) // now, and from here, so that the stack of f is shown
			}
		}()
		f()
		c.returned = true
	})
	if !c.returned {
		panic(c.panicked)
	}
}
