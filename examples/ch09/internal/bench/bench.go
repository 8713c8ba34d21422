// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package bench is what the tests of this chapter share: benchmarks, and a polite lock.
package bench

import (
	"runtime"
	"sync"
	"testing"
)

// Mutex runs a Lock and its Unlock alone, and between goroutines, next to sync.Mutex.
func Mutex(b *testing.B, step func() sync.Locker) {
	both(b, map[string]func() sync.Locker{
		"step": step,
		"sync": func() sync.Locker { return new(sync.Mutex) },
	})
}

// An RWLocker is a readers-writer lock.
type RWLocker interface {
	sync.Locker
	RLock()
	RUnlock()
}

// RWMutex runs the readers' side next to that of sync.RWMutex.
func RWMutex(b *testing.B, step func() RWLocker) {
	both(b, map[string]func() sync.Locker{
		"step": func() sync.Locker { return readSide{step()} },
		"sync": func() sync.Locker { return new(sync.RWMutex).RLocker() },
	})
}

type readSide struct{ RWLocker }

func (r readSide) Lock()   { r.RLock() }
func (r readSide) Unlock() { r.RUnlock() }

func both(b *testing.B, impls map[string]func() sync.Locker) {
	for _, impl := range []string{"step", "sync"} {
		b.Run("goroutines=1/impl="+impl, func(b *testing.B) {
			l := impls[impl]()
			for b.Loop() {
				l.Lock()
				l.Unlock()
			}
		})
		b.Run("goroutines=8/impl="+impl, func(b *testing.B) {
			l := impls[impl]()
			b.SetParallelism(max(1, 8/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					l.Lock()
					l.Unlock()
				}
			})
		})
	}
}

// A Polite lets others run when it has let go of a lock. The steps of this chapter do
// not promise that a goroutine ever gets the lock, and the suite of internal/locktest asks for that too.
type Polite struct{ RWLocker }

// Unlock unlocks for a writer.
func (p Polite) Unlock() {
	p.RWLocker.Unlock()
	runtime.Gosched()
}

// RUnlock unlocks for a reader.
func (p Polite) RUnlock() {
	p.RWLocker.RUnlock()
	runtime.Gosched()
}

// PoliteMutex is a Polite without readers.
type PoliteMutex struct{ sync.Locker }

// Unlock unlocks.
func (p PoliteMutex) Unlock() {
	p.Locker.Unlock()
	runtime.Gosched()
}
