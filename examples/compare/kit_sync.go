// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// syncKit is package sync, the baseline.
var syncKit = kit{
	mutex:  syncMutex,
	rwlock: syncRWMutex,
	cond: func() *cond {
		mu := new(sync.Mutex)
		return &cond{mu, sync.NewCond(mu), sync.NewCond(mu)}
	},
	turns: map[string]func() func(me int){
		foreign.PingPong:  func() func(int) { mu := new(sync.Mutex); return condTurns(mu, sync.NewCond(mu)) },
		park:              func() func(int) { mu := new(sync.Mutex); return condTurns(mu, sync.NewCond(mu)) },
		foreign.Semaphore: syncSemaphore,
	},
}

func syncMutex() *mutex {
	s := new(struct {
		sync.Mutex
		data uint64
		_    [120 - unsafe.Sizeof(sync.Mutex{})]byte // see mutex
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

func syncRWMutex() *rwlock {
	s := new(struct {
		sync.RWMutex
		data uint64
		_    [120 - unsafe.Sizeof(sync.RWMutex{})]byte
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

// condTurns passes turns through a condition variable.
func condTurns(mu sync.Locker, c condition) func(me int) {
	turn := 0
	return func(me int) {
		mu.Lock()
		for turn != me {
			c.Wait()
		}
		turn = 1 - me
		mu.Unlock()
		c.Signal()
	}
}

// syncSemaphore makes the semaphores that package sync lacks of a mutex and a condition variable each.
func syncSemaphore() func(me int) {
	var s [2]struct {
		sync.Mutex
		*sync.Cond
		units int
	}
	for i := range s {
		s[i].Cond = sync.NewCond(&s[i].Mutex)
	}
	s[0].units = 1
	return func(me int) {
		mine, other := &s[me], &s[1-me]
		mine.Lock()
		for mine.units == 0 {
			mine.Wait()
		}
		mine.units--
		mine.Unlock()
		other.Lock()
		other.units++
		other.Unlock()
		other.Signal()
	}
}
