// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package shop is a part of a server with a slow holder of a lock: Reload reads a price list, and keeps the lock
// while it does, so that all who want a price wait.
package shop

import (
	"sync"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// A Shop knows prices.
type Shop struct {
	mu     locks.RWMutex
	prices map[string]int
}

// New returns a Shop whose lock has a name.
func New(lock string) *Shop {
	s := &Shop{prices: map[string]int{"apple": 1}}
	watch.Name(&s.mu, lock)
	return s
}

// Price returns the price of an article.
func (s *Shop) Price(article string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.prices[article]
}

// Reload replaces the prices. It takes the given time, counted from the moment when a goroutine waits for a price.
func (s *Shop) Reload(takes time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prices = readPrices(s, takes)
}

// readPrices stands for a slow file or a slow database.
func readPrices(s *Shop, takes time.Duration) map[string]int {
	for !s.waitedFor() {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(takes)
	return map[string]int{"apple": 2}
}

func (s *Shop) waitedFor() bool {
	for _, w := range watch.Waits() {
		if w.Lock.Type == "locks.RWMutex" && w.For == "read" {
			return true
		}
	}
	return false
}

// Open lets customers ask for prices all the time, and reloads the list, which takes as long as each of the
// durations says. It returns the number of prices that were asked for.
func (s *Shop) Open(customers int, reloads ...time.Duration) (asked int) {
	closing := make(chan struct{})
	var all sync.WaitGroup
	counts := make([]int, customers)
	for i := range customers {
		all.Go(func() {
			for {
				select {
				case <-closing:
					return
				case <-time.After(time.Millisecond):
				}
				s.Price("apple")
				counts[i]++
			}
		})
	}
	for _, takes := range reloads {
		s.Reload(takes)
		time.Sleep(10 * time.Millisecond)
	}
	close(closing)
	all.Wait()
	for _, n := range counts {
		asked += n
	}
	return asked
}
