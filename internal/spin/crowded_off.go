// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_nolinkname || go1.28

package spin

// asks reports whether Crowded asks the scheduler in this build.
const asks = false

// Crowded reports false, as this build cannot ask the scheduler.
func Crowded() bool { return false }
