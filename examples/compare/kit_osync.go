// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/examples/compare/foreign"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	parking "github.com/osync-go/osync/locks/park"
)

var (
	osyncKit = kit{
		mutex:  osyncMutex,
		rwlock: osyncRWMutex,
		cond: func() *cond {
			mu := new(locks.Mutex)
			return &cond{mu, locks.NewCond(mu), locks.NewCond(mu)}
		},
		turns: map[string]func() func(me int){
			foreign.PingPong:  func() func(int) { mu := new(locks.Mutex); return condTurns(mu, locks.NewCond(mu)) },
			park:              osyncPark,
			foreign.Semaphore: osyncSemaphore,
		},
	}
	fairKit    = kit{mutex: osyncFairMutex}
	guardedKit = kit{mutex: osyncGuarded}
	biasedKit  = kit{rwlock: osyncBiasedRWMutex}
)

func osyncMutex() *mutex {
	s := new(struct {
		locks.Mutex
		data uint64
		_    [120 - max(8, unsafe.Sizeof(locks.Mutex{}))]byte // see mutex
	})
	return &mutex{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				s.Lock()
				s.data = chain(s.data, w.inside)
				s.Unlock()
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: s.Lock, unlock: s.Unlock, data: &s.data,
	}
}

func osyncFairMutex() *mutex {
	s := new(struct {
		locks.FairMutex
		data uint64
		_    [120 - max(8, unsafe.Sizeof(locks.FairMutex{}))]byte // see mutex
	})
	return &mutex{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				s.Lock()
				s.data = chain(s.data, w.inside)
				s.Unlock()
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: s.Lock, unlock: s.Unlock, data: &s.data,
	}
}

func osyncGuarded() *mutex {
	s := new(struct {
		guard.Mutex[uint64]
		_ [128 - unsafe.Sizeof(guard.Mutex[uint64]{})]byte // see mutex
	})
	g := &s.Mutex
	var data *uint64
	g.With(func(x *uint64) { data = x }) //osyncvet:ignore guarduse read when all goroutines have ended
	return &mutex{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				g.With(func(x *uint64) { *x = chain(*x, w.inside) })
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		with: func(f func()) { g.With(func(*uint64) { f() }) },
		data: data,
	}
}

func osyncRWMutex() *rwlock {
	s := new(struct {
		locks.RWMutex
		data uint64
		_    [120 - max(8, unsafe.Sizeof(locks.RWMutex{}))]byte // see mutex
	})
	return &rwlock{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				if w.readsNext() {
					s.RLock()
					w.data ^= chain(s.data, w.inside)
					s.RUnlock()
				} else {
					s.Lock()
					s.data = chain(s.data, w.inside)
					s.Unlock()
				}
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: s.Lock, unlock: s.Unlock, data: &s.data,
		rlock: func() func() { s.RLock(); return s.RUnlock },
	}
}

func osyncBiasedRWMutex() *rwlock {
	s := new(struct {
		locks.BiasedRWMutex
		data uint64
		_    [120 - max(8, unsafe.Sizeof(locks.BiasedRWMutex{}))]byte // see mutex
	})
	return &rwlock{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				if w.readsNext() {
					token := s.RLock()
					w.data ^= chain(s.data, w.inside)
					s.RUnlock(token)
				} else {
					s.Lock()
					s.data = chain(s.data, w.inside)
					s.Unlock()
				}
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: s.Lock, unlock: s.Unlock, data: &s.data,
		rlock: func() func() { token := s.RLock(); return func() { s.RUnlock(token) } },
	}
}

// osyncPark passes turns through a word.
func osyncPark() func(me int) {
	word := new(atomic.Uint32)
	return func(me int) {
		mine := uint32(me)
		for word.Load() != mine {
			parking.Wait(word, 1-mine)
		}
		word.Store(1 - mine)
		parking.Wake(word)
	}
}

func osyncSemaphore() func(me int) {
	s := [2]*locks.Semaphore{locks.NewSemaphore(1), locks.NewSemaphore(1)}
	s[1].Acquire(1)
	return func(me int) {
		s[me].Acquire(1)
		s[1-me].Release(1)
	}
}
