// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"testing"

	"github.com/osync-go/osync/locks"
)

// BenchmarkDebug is for a comparison of a build with the tag osync_debug and one without.
func BenchmarkDebug(b *testing.B) {
	b.Run("Mutex/held=0", func(b *testing.B) {
		m := new(locks.Mutex)
		for b.Loop() {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("Mutex/held=1", func(b *testing.B) {
		outer, m := new(locks.Mutex), new(locks.Mutex)
		outer.Lock()
		defer outer.Unlock()
		for b.Loop() {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("RWMutex.RLock/held=0", func(b *testing.B) {
		rw := new(locks.RWMutex)
		for b.Loop() {
			rw.RLock()
			rw.RUnlock()
		}
	})
}
