// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || openbsd || netbsd || dragonfly

package native_test

import "testing"

const mutexSize, rwMutexSize, condSize = 16, 32, 8

// comeRound returns after how many threads the system most likely reuses an id.
func comeRound(*testing.T) int { return 1000 }
