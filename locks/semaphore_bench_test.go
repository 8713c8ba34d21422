// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// A listSemaphore is the usual weighted semaphore: a mutex, a list of waiters, and a
// channel for each.
type listSemaphore struct {
	mu      sync.Mutex
	free    int64
	waiters []listWaiter
}

func (s *listSemaphore) AcquireContext(ctx context.Context, n int64) error {
	s.mu.Lock()
	if s.free >= n && len(s.waiters) == 0 {
		s.free -= n
		s.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	s.waiters = append(s.waiters, listWaiter{n, ready})
	s.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ctx.Done(): // never, in the benchmarks
		return ctx.Err()
	}
}

func (s *listSemaphore) Release(n int64) {
	s.mu.Lock()
	s.free += n
	for len(s.waiters) > 0 && s.waiters[0].n <= s.free {
		s.free -= s.waiters[0].n
		close(s.waiters[0].ready)
		s.waiters = slices.Delete(s.waiters, 0, 1)
	}
	s.mu.Unlock()
}

type listWaiter struct {
	n     int64
	ready chan struct{}
}

// A channelSemaphore has units of which one is taken at a time.
type channelSemaphore chan struct{}

func (s channelSemaphore) AcquireContext(ctx context.Context, _ int64) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s channelSemaphore) Release(int64) { <-s }

type semaphore interface {
	AcquireContext(ctx context.Context, n int64) error
	Release(n int64)
}

func newSemaphore(impl string, n int64) semaphore {
	switch impl {
	case "channel":
		return make(channelSemaphore, n)
	case "list":
		return &listSemaphore{free: n}
	}
	return locks.NewSemaphore(n)
}

func BenchmarkSemaphoreUncontended(b *testing.B) {
	for _, impl := range []string{"channel", "list", "osync"} {
		b.Run("impl="+impl, func(b *testing.B) {
			s := newSemaphore(impl, 4)
			for range b.N {
				s.AcquireContext(b.Context(), 1)
				s.Release(1)
			}
		})
	}
}

func BenchmarkSemaphoreContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, units := range []int64{1, 4} {
			for _, impl := range []string{"channel", "list", "osync"} {
				b.Run(fmt.Sprintf("workers=%s/n=16/units=%d/impl=%s", start.Name, units, impl), func(b *testing.B) {
					s := newSemaphore(impl, units)
					ctx := b.Context()
					locktest.Contend(b, start, 16, func(int) {
						s.AcquireContext(ctx, 1)
						locktest.Spend(1000)
						s.Release(1)
						locktest.Spend(1000)
					})
				})
			}
		}
	}
}

// BenchmarkSemaphorePingPong passes a turn back and forth between two goroutines; an op is one
// round trip.
func BenchmarkSemaphorePingPong(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, impl := range []string{"channel", "list", "osync"} {
			b.Run(fmt.Sprintf("workers=%s/impl=%s", start.Name, impl), func(b *testing.B) {
				ctx := context.Background()
				turns := [2]semaphore{newSemaphore(impl, 1), newSemaphore(impl, 1)}
				turns[1].AcquireContext(ctx, 1)
				start.Run(2, func(me int) {
					for range b.N {
						turns[me].AcquireContext(ctx, 1)
						turns[1-me].Release(1)
					}
				})
			})
		}
	}
}
