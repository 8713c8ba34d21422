// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

const mutexSize, rwMutexSize, condSize = 16, 32, 8

// systemOptions are what the locks of Linux promise: readers and writers take turns, and it
// can be seen who waits.
var systemOptions = []locktest.Option{
	locktest.TakesTurns(),
	locktest.Waiters(func(l any) int { return l.(*native.RWMutex).Waiting() }),
}
