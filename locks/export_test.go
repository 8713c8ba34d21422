// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// queued returns how many wait on a word. Inlined it would allocate, which tests of allocations
// count.
//
//go:noinline
func queued(addr *atomic.Uint32) (n int) {
	park.WithQueue(addr, func(q park.Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}

// holdQueue locks the queue of a word until release is called.
func holdQueue(addr *atomic.Uint32) (q park.Queue, release func()) {
	locked, goOn, unlocked := make(chan park.Queue), make(chan struct{}), make(chan struct{})
	go func() {
		park.WithQueue(addr, func(q park.Queue) { locked <- q; <-goOn })
		close(unlocked)
	}()
	return <-locked, func() { close(goOn); <-unlocked }
}

// Waiting returns how many wait in the queues of a lock.
func Waiting(lock any) int {
	switch l := lock.(type) {
	case *Mutex:
		return queued(&l.state)
	case *RWMutex:
		return queued(&l.state) + queued(&l.w.state)
	case *Cond:
		return queued(&l.queued)
	case *WaitGroup:
		return queued(&l.queue)
	case *Once:
		return queued(&l.m.state)
	}
	panic("unknown lock")
}

// Word returns the state of a lock, which is zero when nobody uses it.
func Word(lock any) uint64 {
	switch l := lock.(type) {
	case *Mutex:
		return uint64(l.state.Load())
	case *RWMutex:
		return uint64(l.state.Load())<<32 | uint64(l.w.state.Load())
	case *Cond:
		return uint64(l.queued.Load())
	case *WaitGroup:
		return l.state.Load()
	}
	panic("unknown lock")
}
