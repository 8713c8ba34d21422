// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

// BenchmarkCall calls a function on a thread, from a goroutine, and waits for it.
func BenchmarkCall(b *testing.B) {
	b.Run("impl=channels", func(b *testing.B) {
		functions, results := make(chan func() error), make(chan error)
		go func() {
			runtime.LockOSThread()
			for f := range functions {
				results <- f()
			}
		}()
		f := func() error { return nil }
		for b.Loop() {
			functions <- f
			<-results
		}
		close(functions)
	})
	for name, spin := range map[string]time.Duration{"impl=Executor": 0, "impl=Executor,spin": 100 * time.Microsecond} {
		b.Run(name, func(b *testing.B) {
			e := executor(b, thread.ExecutorOptions{Spin: spin})
			f := func() error { return nil }
			for b.Loop() {
				_ = e.Do(f)
			}
		})
	}
}
