// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

// Ways returns the names of the ways to sleep.
func Ways() []string { return wayNames[:viaNone] }

// Force makes name the way to sleep, until the function that it returns is called. Nobody may
// be asleep at either time. It reports whether that way works here.
func Force(name string) (restore func(), works bool) {
	before := chosen
	for v, n := range wayNames {
		if n == name {
			chosen = func() way { return way(v) }
			works = way(v).works()
		}
	}
	return func() { chosen = before }, works
}
