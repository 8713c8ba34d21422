// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(locks.Once) }, options()...)
}

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
