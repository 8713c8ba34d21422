// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func BenchmarkTails(b *testing.B) {
	mutex := func(name string, lock func() sync.Locker) locktest.Tail {
		return locktest.MutexTail(name, func() locktest.Enter { return locktest.Locked(lock()) })
	}
	tails := slices.Concat(
		[]locktest.Tail{
			mutex("Mutex", func() sync.Locker { return &new(locktest.Apart[locks.Mutex]).L }),
			mutex("FairMutex", func() sync.Locker { return &new(locktest.Apart[locks.FairMutex]).L }),
			mutex("Semaphore", func() sync.Locker { return binarySemaphore{locks.NewSemaphore(1)} }),
		},
		locktest.RWTails("RWMutex", func() locktest.Enter {
			rw := &new(locktest.Apart[locks.RWMutex]).L
			return locktest.Shared(locktest.Locked(rw.RLocker()), locktest.Locked(rw))
		}),
		locktest.RWTails("BiasedRWMutex", func() locktest.Enter {
			rw := &new(locktest.Apart[locks.BiasedRWMutex]).L
			return locktest.Shared(func(_ int, inside func()) {
				token := rw.RLock()
				inside()
				rw.RUnlock(token)
			}, locktest.Locked(rw))
		}),
	)
	locktest.Tails(b, locktest.Goroutines, tails...)
	locktest.Tails(b, pinned, tails...)
}
