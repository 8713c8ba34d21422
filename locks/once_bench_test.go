// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
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

// BenchmarkOnceContext gets a value that already exists, as a request does: with a channel as the mutex, as in
// programs whose callers must be able to give up, and with OnceValueContext.
func BenchmarkOnceContext(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	load := func(context.Context) (*int, error) { return new(int), nil }
	b.Run("impl=channel", func(b *testing.B) {
		lock, v := make(chan struct{}, 1), (*int)(nil)
		for range b.N {
			select {
			case lock <- struct{}{}:
			case <-ctx.Done():
				b.Fatal(ctx.Err())
			}
			if v == nil {
				v, _ = load(ctx)
			}
			<-lock
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		value := locks.OnceValueContext(load)
		for range b.N {
			if _, err := value(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}
