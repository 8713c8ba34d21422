// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "sync/atomic"

// A Once performs one action once. It is [sync.Once], on a [Mutex] of this package.
//
// The zero value has not yet done anything. It must not be copied after first use. It is
// eight bytes long.
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

// Do calls f if Do has not been called before for this Once. All calls of Do return after
// that first f has: they block meanwhile, so an f that calls Do of the same Once
// blocks for ever. If f panics, Do considers it done; later calls return without f.
func (o *Once) Do(f func()) {
	if o.done.Load() == 0 { // acquire
		o.doSlow(f)
	}
}

//go:noinline
func (o *Once) doSlow(f func()) {
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
	call := OnceValue(func() struct{} {
		f()
		return struct{}{}
	})
	return func() { call() }
}

// OnceValue returns a function that calls f once, and returns its result every time. It
// may be called concurrently. If f panics, every call panics with the same value.
func OnceValue[T any](f func() T) func() T {
	var o outcome[T, struct{}]
	return func() T {
		o.once.Do(func() {
			o.run(func() { o.v1 = f() })
			f = nil // let go of what f refers to
		})
		o.check()
		return o.v1
	}
}

// OnceValues returns a function that calls f once, and returns its results every time. It
// may be called concurrently. If f panics, every call panics with the same value.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var o outcome[T1, T2]
	return func() (T1, T2) {
		o.once.Do(func() {
			o.run(func() { o.v1, o.v2 = f() })
			f = nil
		})
		o.check()
		return o.v1, o.v2
	}
}

// An outcome is what a function that runs once has left: results or a panic.
type outcome[T1, T2 any] struct {
	once     Once
	returned bool // f has returned; false after a panic or runtime.Goexit
	panicked any
	v1       T1
	v2       T2
}

// run calls f, and keeps its panic, which goes on.
func (o *outcome[T1, T2]) run(f func()) {
	defer func() {
		if !o.returned {
			o.panicked = recover()
			panic(o.panicked) // now, from here, so that the stack of f is shown
		}
	}()
	f()
	o.returned = true
}

// check panics again if f did.
func (o *outcome[T1, T2]) check() {
	if !o.returned {
		panic(o.panicked)
	}
}
