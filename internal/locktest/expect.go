// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import "testing"

// Eventually waits until fact holds. After a minute it fails the test, and shows the stacks of the goroutines.
func Eventually(t testing.TB, what string, fact func() bool) {
	t.Helper()
	(&env{tb: t, patience: *patienceFlag}).eventually(what, fact)
}

// Panics runs f, which has to panic with want, or with any value if want is nil.
func Panics(t testing.TB, what string, want any, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		switch got := recover(); {
		case got == nil:
			t.Errorf("%s does not panic", what)
		case want != nil && got != want:
			t.Errorf("%s panics with %v, want %v", what, got, want)
		}
	}()
	f()
}
