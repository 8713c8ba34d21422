// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import "github.com/osync-go/osync/explore/sync/atomic"

// A Once performs an action once. It takes the steps of a sync.Once, inside an exploration and outside.
type Once struct {
	_    noCopy
	done atomic.Bool
	m    Mutex
}

// Do calls f if this is the first call of Do. Each call of Do returns when f has returned.
func (o *Once) Do(f func()) {
	if o.done.Load() {
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

// A caller calls a function once, for OnceFunc, OnceValue and OnceValues.
type caller struct {
	once     Once
	returned bool
	problem  any // the value of the function's panic
}

// call calls f the first time. It panics if f has panicked.
func (c *caller) call(f func()) {
	c.once.Do(func() {
		defer func() {
			c.problem = recover()
			if !c.returned {
				panic(c.problem) // from here, so that the trace shows f
			}
		}()
		f()
		c.returned = true
	})
	if !c.returned {
		panic(c.problem)
	}
}

// OnceFunc returns a function that calls f the first time. If f panics, each call panics with the same
// value.
func OnceFunc(f func()) func() {
	d := struct { // one allocation
		caller
		f func()
	}{f: f}
	return func() {
		d.call(func() {
			defer func() { d.f = nil }() // the garbage collector may free f
			d.f()
		})
	}
}

// OnceValue returns a function that calls f the first time, and returns what f has returned. If f panics,
// each call panics with the same value.
func OnceValue[T any](f func() T) func() T {
	d := struct {
		caller
		f func() T
		v T
	}{f: f}
	return func() T {
		d.call(func() {
			defer func() { d.f = nil }()
			d.v = d.f()
		})
		return d.v
	}
}

// OnceValues returns a function that calls f the first time, and returns what f has returned. If f panics,
// each call panics with the same value.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	d := struct {
		caller
		f  func() (T1, T2)
		v1 T1
		v2 T2
	}{f: f}
	return func() (T1, T2) {
		d.call(func() {
			defer func() { d.f = nil }()
			d.v1, d.v2 = d.f()
		})
		return d.v1, d.v2
	}
}
