// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package thread_test

import "errors"

var errDenied = errors.New("denied")

// changes returns nothing: there is no binding to change a thread.
func changes() map[string]func() error { return nil }
