// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin && !windows

package osthread

import "time"

// SleepFor reports false, since it would have no advantage over a wait of sys/futex.
func SleepFor(time.Duration, *Bell) bool { return false }
