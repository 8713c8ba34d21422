// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package guard_test

import "github.com/osync-go/osync/locks/internal/held"

// The tests of this package make all mistakes, on purpose. Package watch tests the reports.
func init() { held.Handle(func(held.Mistake) {}) }
