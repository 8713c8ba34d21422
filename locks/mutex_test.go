// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(locks.Mutex) }, options()...)
}
