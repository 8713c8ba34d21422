// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import "github.com/osync-go/osync/explore/sync/atomic"

// A Once performs an action once. It takes the steps of a sync.Once, in an exploration and elsewhere.
type Once struct {
	_    noCopy
	done atomic.Bool
	m    Mutex
}

// Do calls f if this is the first call of Do. It returns when that first call is over.
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

// OnceFunc returns a function that calls f the first time. If f panics, each call panics with the same
// value.
func OnceFunc(f func()) func() {
	once := OnceValue(func() struct{} { f(); return struct{}{} })
	return func() { once() }
}

// OnceValue returns a function that calls f the first time, and returns what f has returned. If f panics,
// each call panics with the same value.
func OnceValue[T any](f func() T) func() T {
	once := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T {
		v, _ := once()
		return v
	}
}

// OnceValues returns a function that calls f the first time, and returns what f has returned. If f panics,
// each call panics with the same value.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var (
		once     Once
		returned bool
		problem  any
		v1       T1
		v2       T2
	)
	return func() (T1, T2) {
		once.Do(func() {
			defer func() {
				f = nil // may be collected
				problem = recover()
				if !returned {
					panic(problem) // from here, so that the trace shows f
				}
			}()
			v1, v2 = f()
			returned = true
		})
		if !returned {
			panic(problem)
		}
		return v1, v2
	}
}
