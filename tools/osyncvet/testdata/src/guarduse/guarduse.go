// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guarduse

import "github.com/osync-go/osync/locks/guard"

type pair struct{ a, b int }

var kept *int

func wrong(g *guard.Mutex[int], p *guard.Mutex[pair], pointers chan *int) {
	g.With(func(v *int) {
		g.With(func(v *int) { *v++ }) // want `With of g in a function that guard.Mutex.With of g calls: it waits for itself`
		kept = v                      // want `kept keeps the pointer to the value of a guard.Mutex`
		pointers <- v                 // want `sends the pointer to the value`
	})
	g.When(func(v *int) bool {
		*v-- // want `a condition of guard.Mutex.When changes the value`
		return *v == 0
	}, nil)
	p.When(func(v *pair) bool {
		v.a = 1 // want `changes the value`
		return true
	}, nil)
}

func right(g, other *guard.Mutex[int]) {
	n := 0
	g.With(func(v *int) {
		other.With(func(w *int) { *v += *w })
		n = *v
		v = &n
		g.TryWith(nil)
	})
	g.When(func(v *int) bool { return *v > n }, func(v *int) { *v = 0 })
}
