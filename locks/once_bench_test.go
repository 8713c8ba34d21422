// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/locks"
)

func BenchmarkOnce(b *testing.B) {
	f := func() {}
	b.Run("impl=sync", func(b *testing.B) {
		var o sync.Once
		for range b.N {
			o.Do(f)
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var o locks.Once
		for range b.N {
			o.Do(f)
		}
	})
}
