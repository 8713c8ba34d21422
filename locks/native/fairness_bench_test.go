// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

func BenchmarkTails(b *testing.B) {
	tails := append([]locktest.Tail{locktest.MutexTail("Mutex", func() locktest.Enter {
		return locktest.Locked(&new(locktest.Apart[native.Mutex]).L)
	})}, locktest.RWTails("RWMutex", func() locktest.Enter {
		rw := &new(locktest.Apart[native.RWMutex]).L
		return locktest.Shared(func(_ int, inside func()) {
			rw.RLock()
			inside()
			rw.RUnlock()
		}, locktest.Locked(rw))
	})...)
	locktest.Tails(b, pinned, tails...)
}
