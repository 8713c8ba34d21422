// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"sync"
)

// A Group is the set of threads of one [Scope].
type Group struct {
	mu      sync.Mutex
	handles []*Handle
}

// Scope calls f, which starts threads with g.Spawn, and returns when f and all of them have ended:
// none of them uses the caller's variables any longer. It returns the errors of f and the threads,
// joined by [errors.Join] in the order of their start, or nil if none failed.
//
// If a thread panicked, Scope panics with its [*PanicError] after all have ended; a PanicError that a
// thread returns is an error like any other. If f panics or calls [runtime.Goexit], the panic or
// Goexit continues after all threads have ended.
func Scope(f func(g *Group) error) (err error) {
	g := new(Group)
	returned := false
	defer func() {
		panicked, joined := g.join()
		if !returned {
			return // f panicked; the panic continues
		}
		if panicked != nil {
			panic(panicked)
		}
		err = errors.Join(err, joined)
	}()
	err = f(g)
	returned = true
	return err
}

// Spawn starts f as the function [Spawn] does, and Scope waits for its end. The threads of the
// scope may call it, too, but not after Scope has returned.
func (g *Group) Spawn(f func() error) *Handle {
	h := Spawn(f)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.handles = append(g.handles, h)
	return h
}

// join waits for all threads, including those that the threads start meanwhile. It returns the
// first panic, and all errors joined.
func (g *Group) join() (panicked *PanicError, err error) {
	var errs []error
	for i := 0; ; i++ {
		g.mu.Lock()
		if i == len(g.handles) {
			g.mu.Unlock()
			return panicked, errors.Join(errs...)
		}
		h := g.handles[i]
		g.mu.Unlock()
		errs = append(errs, h.Join())
		if panicked == nil {
			panicked = h.outcome.panicked
		}
	}
}
