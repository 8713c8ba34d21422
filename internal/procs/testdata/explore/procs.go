// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package procs

import "runtime"

// The cache of the number of processors is a word that all goroutines read and write. Its steps would multiply
// the interleavings, and tell nothing of a lock. TestCount covers it.

func Count() int { return runtime.GOMAXPROCS(0) }

func Refresh() {}

func RefreshAt(int64) {}
