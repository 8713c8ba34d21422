// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

// TestBroadcast lets all that wait go at once, again and again. It is no matter for the suite of
// internal/locktest, since this Wait may return for no reason, and sync.Cond's may not.
func TestBroadcast(t *testing.T) {
	const waiters, turns = 8, 200
	var m sync.Mutex
	c := cond{l: &m}
	turn, passed := 0, 0
	var wg sync.WaitGroup
	for range waiters {
		wg.Go(func() {
			for i := range turns {
				m.Lock()
				for turn <= i {
					c.Wait()
				}
				passed++
				m.Unlock()
			}
		})
	}
	for i := range turns {
		m.Lock()
		turn++
		m.Unlock()
		c.Broadcast()
		for done := false; !done; runtime.Gosched() { // by all, before the next turn
			m.Lock()
			done = passed == waiters*(i+1)
			m.Unlock()
		}
	}
	wg.Wait()
}

func Benchmark(b *testing.B) {
	var m sync.Mutex
	step, std := cond{l: &m}, sync.NewCond(&m)
	b.Run("impl=step", func(b *testing.B) {
		for b.Loop() {
			step.Signal()
		}
	})
	b.Run("impl=sync", func(b *testing.B) {
		for b.Loop() {
			std.Signal()
		}
	})
}
