// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"runtime"
	"testing"
)

// A Doer does something once: it has the method of *sync.Once.
type Doer interface{ Do(f func()) }

// Once checks a sync.Once. make returns a new one.
func Once(t *testing.T, make func() Doer, options ...Option) {
	run(t, onceChecks, make, options)
}

var onceChecks = []check[Doer]{
	{name: "Do", run: checkDo},
	{name: "Panic", alone: true, run: checkDoPanics},
	{name: "Goexit", alone: true, run: checkDoExits},
	{name: "Allocations", alone: true, run: func(e *env, make func() Doer) {
		o, f := make(), func() {}
		e.noAllocs("Do", func() { o.Do(f) })
	}},
}

// checkDo lets all workers call Do at once. None may return before the function has, and all see its plain
// write.
func checkDo(e *env, make func() Doer) {
	const workers = 6
	for range e.times(200) {
		o, c := make(), e.crew()
		calls := 0
		for range workers {
			c.start(func() {
				o.Do(func() {
					runtime.Gosched()
					calls++
				})
				if calls != 1 {
					e.Errorf("Do returned, and the function has been called %d times, want 1", calls)
				}
			})
		}
		c.join("workers that call Do")
	}
}

// checkDoPanics checks that a function that has panicked counts as done.
func checkDoPanics(e *env, make func() Doer) {
	o := make()
	e.panicsWith("from within", func() { o.Do(func() { panic("from within") }) })
	o.Do(func() { e.Errorf("Do called a second function after the first had panicked") })
}

// checkDoExits checks that a function that has ended its goroutine counts as done.
func checkDoExits(e *env, make func() Doer) {
	o := make()
	e.worker("Do of a function that ends its goroutine", func() { o.Do(runtime.Goexit) })
	e.worker("Do after that", func() {
		o.Do(func() { e.Errorf("Do called a second function after the first had ended its goroutine") })
	})
}
