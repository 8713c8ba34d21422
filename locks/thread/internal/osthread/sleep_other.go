// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin && !windows

package osthread

import "time"

// SleepFor has nothing that a wait of sys/futex has not.
func SleepFor(time.Duration, *Bell) bool { return false }
