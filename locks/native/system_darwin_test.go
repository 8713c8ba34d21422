// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

const mutexSize, rwMutexSize, condSize = 24, 40, 8

// systemOptions are what the locks of macOS promise: readers and writers take turns.
var systemOptions = []locktest.Option{locktest.TakesTurns()}

// comeRound returns after how many threads the system most likely uses an id again.
func comeRound(*testing.T) int { return 1000 }
