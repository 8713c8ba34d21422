// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"

	"github.com/osync-go/osync/examples/compare/foreign"
	"github.com/puzpuzpuz/xsync/v4"
	"golang.org/x/sync/semaphore"
)

var (
	// A channel with room for one value: a worker that has put it in has the lock, or has given the turn.
	chanKit = kit{
		mutex: chanMutex,
		turns: map[string]func() func(me int){
			foreign.PingPong:  chanTurns,
			park:              chanTurns,
			foreign.Semaphore: chanTurns,
		},
	}
	// The weighted semaphore of golang.org/x/sync.
	semaphoreKit = kit{
		mutex: semaphoreMutex,
		turns: map[string]func() func(me int){foreign.Semaphore: semaphoreTurns},
	}
	// RBMutex of github.com/puzpuzpuz/xsync, whose readers keep out of each other's way.
	xsyncKit = kit{rwlock: xsyncRBMutex}
)

func chanMutex() *mutex {
	s := &struct {
		c    chan struct{}
		data uint64
		_    [112]byte // see mutex
	}{c: make(chan struct{}, 1)}
	return &mutex{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				s.c <- struct{}{}
				s.data = chain(s.data, w.inside)
				<-s.c
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: func() { s.c <- struct{}{} }, unlock: func() { <-s.c }, data: &s.data,
	}
}

func chanTurns() func(me int) {
	c := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
	c[0] <- struct{}{}
	return func(me int) {
		<-c[me]
		c[1-me] <- struct{}{}
	}
}

func semaphoreMutex() *mutex {
	s := &struct {
		*semaphore.Weighted
		data uint64
		_    [112]byte // see mutex
	}{Weighted: semaphore.NewWeighted(1)}
	return &mutex{
		loop: func(w *worker) (n uint64) {
			for ; !w.stop.Load(); n++ {
				s.Acquire(context.Background(), 1)
				s.data = chain(s.data, w.inside)
				s.Release(1)
				w.data = chain(w.data, w.outside)
			}
			return n
		},
		lock: func() { s.Acquire(context.Background(), 1) }, unlock: func() { s.Release(1) }, data: &s.data,
	}
}

func semaphoreTurns() func(me int) {
	s := [2]*semaphore.Weighted{semaphore.NewWeighted(1), semaphore.NewWeighted(1)}
	s[1].TryAcquire(1)
	return func(me int) {
		s[me].Acquire(context.Background(), 1)
		s[1-me].Release(1)
	}
}

func xsyncRBMutex() *rwlock {
	s := &struct {
		*xsync.RBMutex
		data uint64
		_    [112]byte // see mutex
	}{RBMutex: xsync.NewRBMutex()}
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
