// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/locks"
)

// TestExploreFairMutex shows mutual exclusion in FIFO order, that no wake-up is lost, and that nothing is left
// behind.
func TestExploreFairMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return new(locks.FairMutex) }, []contest{
		{"Lock", complete, [][]attempt{{lock, lock, lock}, {lock, lock}}},
		{"Lock, three", complete, [][]attempt{{lock}, {lock}, {lock}}},
		{"Lock, three, twice", atMost(3), [][]attempt{{lock, lock}, {lock, lock}, {lock, lock}}},
		{"Lock, four", atMost(2), [][]attempt{{lock}, {lock}, {lock}, {lock}}},
		{"TryLock alone", complete, [][]attempt{{try}, {try}}},
		{"TryLock", complete, [][]attempt{{lock}, {lock}, {try}}},
		{"TryLockFor", complete, [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"TryLockFor, four", atMost(1), [][]attempt{{lock}, {lock}, {tryFor}, {tryFor}}},
		{"LockContext", complete, [][]attempt{{lock, lock}, {lockContext}}},
		{"LockContext, three", atMost(2), [][]attempt{{lock}, {lockContext}, {lockContext}}},
		{"all", atMost(1), [][]attempt{{lock}, {try}, {tryFor}, {lockContext}}},
	})
}
