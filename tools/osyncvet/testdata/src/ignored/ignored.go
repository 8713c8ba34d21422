// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package ignored

import (
	"context"
	"sync"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/shared"
	"github.com/osync-go/osync/pthread"
)

func wrong(ctx context.Context, m *locks.Mutex, old *sync.Mutex, rw *locks.RWMutex, b *locks.BiasedRWMutex, s *locks.Semaphore, o *locks.Once, c *shared.Cond, sm *shared.Mutex, p *pthread.Mutex) {
	m.TryLock()              // want `the result of locks.Mutex.TryLock is not looked at: the lock may not be held`
	old.TryLock()            // want `the result of sync.Mutex.TryLock`
	m.LockLimit(park.For(1)) // want `the result of locks.Mutex.LockLimit`
	m.LockContext(ctx)       // want `the result of locks.Mutex.LockContext`
	rw.TryUpgrade()          // want `the lock may not have been upgraded`
	b.RLock()                // want `the token of locks.BiasedRWMutex.RLock is dropped`
	s.AcquireContext(ctx, 1) // want `it may have acquired nothing`
	o.DoContext(ctx, nil)    // want `the error of locks.Once.DoContext is not looked at`
	sm.Lock()                // want `the result of shared.Mutex.Lock`
	c.Wait(sm)               // want `the error of shared.Cond.Wait is not looked at`
	p.TryLock()              // want `the result of pthread.Mutex.TryLock`
}

func right(m *locks.Mutex, rw *locks.RWMutex, b *locks.BiasedRWMutex, s *locks.Semaphore, p *pthread.Mutex) {
	if m.TryLock() {
		m.Unlock()
	}
	_ = m.TryLock()
	rw.Upgrade()
	b.RUnlock(b.RLock())
	s.Acquire(1) // fails only if there is no unit at all
	s.AcquireContext(context.Background(), 1)
	m.LockLimit(park.Limit{}) // never ends
	p.Lock()
	p.Unlock()
}
