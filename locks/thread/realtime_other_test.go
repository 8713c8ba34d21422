// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin

package thread_test

import "testing"

// systemClass returns nothing: a thread cannot be asked for its task of the Multimedia Class Scheduler.
func systemClass(t *testing.T, run func(func() error) error) string {
	t.Helper()
	if err := run(func() error { return nil }); err != nil {
		t.Error(err)
	}
	return ""
}
