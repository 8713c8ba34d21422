// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"sync/atomic"
	"unsafe"
)

// A Once performs exactly one action. It is [sync.Once], on a [Mutex] of this package.
//
// The zero value is a Once that has not performed its action. A Once must not be copied after first
// use. It is eight bytes long.
//
// While f runs, other callers of Do wait as for a Mutex: a goroutine in the Go scheduler, a pinned
// thread (see package thread) in the kernel.
//
// In the terms of [the Go memory model], the return of f from once.Do(f) synchronizes
// before the return of every call of once.Do.
//
// [the Go memory model]: https://go.dev/ref/mem
type Once struct {
	_    noCopy
	done atomic.Uint32 // 1 after f has returned, or panicked
	m    Mutex         // held while f runs
}

// Do calls f if Do has not been called before for this Once. Every call of Do returns after that first
// f has returned, and blocks until then; so an f that calls Do of the same Once blocks for ever. If f
// panics, Do considers it to have returned; later calls of Do return without calling f.
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
			c.f = nil // f may refer to much, and is not needed again, even if it panics
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

// A onceCall is a Once that keeps the panic of what it has called.
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
