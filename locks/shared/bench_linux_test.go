// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/shared"
)

// BenchmarkUncontended locks and unlocks an uncontended mutex. The calls are direct ones in each case.
func BenchmarkUncontended(b *testing.B) {
	c, _ := placed[struct {
		mu      shared.Mutex
		pthread shared.PthreadMutex
		pi      shared.PIMutex
	}](b)
	if err := c.pthread.Init(); err != nil {
		b.Fatal(err)
	}
	b.Run("impl=locks.Mutex", func(b *testing.B) {
		var mu locks.Mutex
		for range b.N {
			mu.Lock()
			mu.Unlock()
		}
	})
	b.Run("impl=Mutex", func(b *testing.B) {
		for range b.N {
			c.mu.Lock()
			c.mu.Unlock()
		}
	})
	b.Run("impl=PthreadMutex", func(b *testing.B) {
		for range b.N {
			c.pthread.Lock()
			c.pthread.Unlock()
		}
	})
	b.Run("impl=PIMutex", func(b *testing.B) {
		for range b.N {
			c.pi.Lock()
			c.pi.Unlock()
		}
	})
}
