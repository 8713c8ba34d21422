// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"hash/maphash"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// What programs use today. Each has a fault or a cost that Keyed does not have.

// A countedLocks is a map of mutexes with counts, under one lock, which all keys share.
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

// A keptLocks is a sync.Map of mutexes, which keeps each forever.
type keptLocks[K comparable] struct{ m sync.Map }

func (k *keptLocks[K]) Lock(key K) {
	l, ok := k.m.Load(key)
	if !ok {
		l, _ = k.m.LoadOrStore(key, new(sync.Mutex))
	}
	l.(*sync.Mutex).Lock()
}

func (k *keptLocks[K]) Unlock(key K) {
	l, _ := k.m.Load(key)
	l.(*sync.Mutex).Unlock()
}

// A stripedLocks is a fixed number of mutexes, which keys share by their hash: a goroutine that holds two keys can
// wait for itself.
type stripedLocks[K comparable] struct {
	seed maphash.Seed
	mu   [256]sync.Mutex
}

func (s *stripedLocks[K]) of(key K) *sync.Mutex {
	return &s.mu[maphash.Comparable(s.seed, key)%uint64(len(s.mu))]
}

func (s *stripedLocks[K]) Lock(key K)   { s.of(key).Lock() }
func (s *stripedLocks[K]) Unlock(key K) { s.of(key).Unlock() }

// A keyLocker is a lock for each key.
type keyLocker[K comparable] interface {
	Lock(key K)
	Unlock(key K)
}

// keyLockers returns a new lock of each kind.
func keyLockers[K comparable]() map[string]keyLocker[K] {
	return map[string]keyLocker[K]{
		"osync":   new(locks.Keyed[K]),
		"map":     &countedLocks[K]{m: map[K]*countedLock{}},
		"syncmap": new(keptLocks[K]),
		"striped": &stripedLocks[K]{seed: maphash.MakeSeed()},
	}
}

var keyImpls = []string{"osync", "map", "syncmap", "striped"}

// BenchmarkKeyedUncontended locks and unlocks one uncontended key.
func BenchmarkKeyedUncontended(b *testing.B) {
	b.Run("impl=mutex", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.Lock()
			m.Unlock() //lint:ignore SA2001 it is what is measured
		}
	})
	benchKeys(b, "int", 7)
	benchKeys(b, "string", "user/12345678")
}

func benchKeys[K comparable](b *testing.B, name string, key K) {
	for _, impl := range keyImpls {
		b.Run(fmt.Sprintf("key=%s/impl=%s", name, impl), func(b *testing.B) {
			b.ReportAllocs()
			k := keyLockers[K]()[impl]
			for range b.N {
				k.Lock(key)
				k.Unlock(key)
			}
		})
	}
}

// BenchmarkKeyedContended has goroutines lock keys: each its own, or all the same few.
func BenchmarkKeyedContended(b *testing.B) {
	for _, keys := range []int{2, 1 << 20} {
		for _, impl := range keyImpls {
			b.Run(fmt.Sprintf("keys=%d/n=8/impl=%s", keys, impl), func(b *testing.B) {
				k := keyLockers[int]()[impl]
				var next [8]struct {
					n int
					_ [120]byte
				}
				locktest.Contend(b, locktest.Goroutines, len(next), func(worker int) {
					next[worker].n += 8191
					key := (next[worker].n + worker) % keys
					k.Lock(key)
					locktest.Spend(100)
					k.Unlock(key)
				})
			})
		}
	}
}
