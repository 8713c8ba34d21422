// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package deferlock

import (
	"sync"

	"github.com/osync-go/osync/locks"
)

func wrong(m *sync.Mutex, rw *locks.RWMutex) {
	m.Lock()
	defer m.Lock() // want `deferred Lock after a Lock of m waits for itself when the function returns: defer Unlock`
	rw.RLock()
	defer rw.RLock() // want `defer RUnlock`
	rw.UpgradableLock()
	defer rw.UpgradableLock() // want `defer UpgradableUnlock`
}

func right(m *sync.Mutex, other *sync.Mutex) {
	m.Unlock()
	defer m.Lock()
	other.Lock()
	defer other.Unlock()
}
