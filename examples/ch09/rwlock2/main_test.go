// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/ch09/internal/bench"
	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/internal/locktest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestRWMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return bench.Polite{RWLocker: new(rwlock)} }, locktest.Slow(), locktest.Uneven())
}

// TestReaders does without the suite for readers, which asks that they keep no writer out.
func TestReaders(t *testing.T) {
	var l rwlock
	var wg sync.WaitGroup
	var together sync.WaitGroup
	const readers, rounds = 4, 500
	together.Add(readers)
	a, b := 0, 0
	for range readers {
		wg.Go(func() {
			l.RLock()
			together.Done()
			together.Wait() // all are inside at once
			l.RUnlock()
			for range rounds {
				l.RLock()
				if a != b {
					t.Error("a reader is inside with a writer")
				}
				l.RUnlock()
				l.Lock()
				a++
				b++
				l.Unlock()
			}
		})
	}
	wg.Wait()
	if a != readers*rounds {
		t.Errorf("counted %d, want %d", a, readers*rounds)
	}
}

func Benchmark(b *testing.B) { bench.RWMutex(b, func() bench.RWLocker { return new(rwlock) }) }
