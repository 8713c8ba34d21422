// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A writerMutex is the Mutex of an RWMutex: package watch shows its waiters as those of the RWMutex, and package
// held does not know of it.
type writerMutex struct{ Mutex }

func (w *writerMutex) Lock() {
	if !w.state.CompareAndSwap(0, mutexLocked) { // acquire
		w.lockSlow()
	}
}

//go:noinline
func (w *writerMutex) lockSlow() { w.LockLimit(park.Limit{}) } // no limit, no error

func (w *writerMutex) TryLock() bool {
	return w.state.CompareAndSwap(0, mutexLocked) || w.tryLockSlow() // acquire
}

func (w *writerMutex) Unlock() {
	if !w.state.CompareAndSwap(mutexLocked, 0) { // release
		w.unlockSlow()
	}
}

func (w *writerMutex) LockLimit(limit park.Limit) error {
	return w.lockWith((*writerQueue)(w), nil, limit)
}

func (w *writerMutex) TryLockFor(d time.Duration) bool {
	return w.TryLock() || d > 0 && w.LockLimit(park.For(d)) == nil
}

func (w *writerMutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if w.TryLock() {
		return nil
	}
	return w.LockLimit(park.Context(ctx))
}

// A writerQueue is a writerMutex as an Enqueuer.
type writerQueue writerMutex

func (w *writerQueue) Enqueue(q park.Queue, waiter *park.Waiter) (token uint32) {
	return (*mutexQueue)(&w.Mutex).Enqueue(q, waiter)
}

func (w *writerQueue) GiveUp(q park.Queue, waiter *park.Waiter) {
	(*mutexQueue)(&w.Mutex).GiveUp(q, waiter)
}

func (w *writerQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*RWMutex)(unsafe.Add(unsafe.Pointer(w), -int(unsafe.Offsetof(RWMutex{}.w)))), "write"
}
