// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package explored has what the explorations of several examples share. Each is a test TestExplore, which the
// command explore runs in every order of its steps, and plain go test as a stress test.
package explored

import "github.com/osync-go/osync/explore"

// Complete explores every interleaving.
var Complete = explore.Options{Complete: true}

// Exclusion lets goroutines add to a number. locked calls its argument with a lock held, which is to keep others out,
// and to order what the holders do: otherwise the number has a data race. i is the goroutine, from 0 on.
func Exclusion(x *explore.Run, goroutines int, locked func(i int, critical func())) {
	var sum explore.Var[int]
	for i := range goroutines {
		x.Go(func() {
			locked(i, func() { sum.Store(sum.Load() + 1) })
		})
	}
	x.Wait()
	n := sum.Load()
	x.Assert(n == goroutines, "counted %d, want %d", n, goroutines)
}

// Panics reports whether f panics, for misuse that is told by a panic.
func Panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}
