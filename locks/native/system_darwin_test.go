// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

const mutexSize, rwMutexSize, condSize = 24, 40, 8

// systemOptions are what the locks of macOS promise: readers and writers take turns, and a
// test can see how many threads wait.
var systemOptions = []locktest.Option{
	locktest.TakesTurns(),
	locktest.Waiters(func(l any) int { return l.(*native.RWMutex).Waiting() }),
}

// comeRound returns after how many threads the system most likely uses an id again.
func comeRound(*testing.T) int { return 1000 }
