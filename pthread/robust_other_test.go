// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package pthread_test

import "testing"

// needRobust skips the test if there are no robust mutexes.
func needRobust(t testing.TB) {
	t.Helper()
	need(t, "pthread_mutex_consistent")
}

// emulated reports whether the kernel has no robust lists.
func emulated() bool { return false }
