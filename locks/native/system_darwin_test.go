// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import "testing"

const mutexSize, rwMutexSize, condSize = 24, 40, 8

// comeRound returns after how many threads the system most likely reuses an id.
func comeRound(*testing.T) int { return 1000 }
