// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/locks"
)

// A countedLocks is a lock for each key as programs write it: a map of mutexes with counts, under one lock.
type countedLocks[K comparable] struct {
	mu sync.Mutex
	m  map[K]*countedLock
}

type countedLock struct {
	mu sync.Mutex
	n  int
}

func (c *countedLocks[K]) Lock(key K) {
	c.mu.Lock()
	l := c.m[key]
	if l == nil {
		l = new(countedLock)
		c.m[key] = l
	}
	l.n++
	c.mu.Unlock()
	l.mu.Lock()
}

func (c *countedLocks[K]) Unlock(key K) {
	c.mu.Lock()
	l := c.m[key]
	if l.n--; l.n == 0 {
		delete(c.m, key)
	}
	c.mu.Unlock()
	l.mu.Unlock()
}

func BenchmarkKeyedUncontended(b *testing.B) {
	b.Run("impl=mutex", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.Lock()
			m.Unlock() //lint:ignore SA2001 it is what is measured
		}
	})
	b.Run("key=int/impl=osync", func(b *testing.B) {
		var k locks.Keyed[int]
		for range b.N {
			k.Lock(7)
			k.Unlock(7)
		}
	})
	b.Run("key=int/impl=map", func(b *testing.B) {
		k := countedLocks[int]{m: map[int]*countedLock{}}
		for range b.N {
			k.Lock(7)
			k.Unlock(7)
		}
	})
	b.Run("key=string/impl=osync", func(b *testing.B) {
		var k locks.Keyed[string]
		for range b.N {
			k.Lock("user/12345678")
			k.Unlock("user/12345678")
		}
	})
	b.Run("key=string/impl=map", func(b *testing.B) {
		k := countedLocks[string]{m: map[string]*countedLock{}}
		for range b.N {
			k.Lock("user/12345678")
			k.Unlock("user/12345678")
		}
	})
}
