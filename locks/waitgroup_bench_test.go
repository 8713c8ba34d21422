// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/locks"
)

func BenchmarkWaitGroup(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var wg sync.WaitGroup
		for range b.N {
			wg.Add(1)
			wg.Done()
			wg.Wait()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var wg locks.WaitGroup
		for range b.N {
			wg.Add(1)
			wg.Done()
			wg.Wait()
		}
	})
}
