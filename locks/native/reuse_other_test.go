// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package native_test

import "testing"

// comeRound returns after how many threads the system uses an id again, most likely.
func comeRound(*testing.T) int { return 1000 }
