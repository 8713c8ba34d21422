// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locks is a stub of the package of that name, with what the tests call.
package locks

import (
	"context"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/park"
)

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

type Mutex struct{ _ noCopy }

func (m *Mutex) Lock()                                  {}
func (m *Mutex) LockContext(ctx context.Context) error  { return nil }
func (m *Mutex) LockLimit(limit park.Limit) (err error) { return nil }
func (m *Mutex) TryLock() bool                          { return true }
func (m *Mutex) TryLockFor(d time.Duration) bool        { return true }
func (m *Mutex) Unlock()                                {}

type RWMutex struct{ _ noCopy }

func (rw *RWMutex) Lock()                                  {}
func (rw *RWMutex) Unlock()                                {}
func (rw *RWMutex) RLock()                                 {}
func (rw *RWMutex) RLockContext(ctx context.Context) error { return nil }
func (rw *RWMutex) TryRLockFor(d time.Duration) bool       { return true }
func (rw *RWMutex) RUnlock()                               {}
func (rw *RWMutex) UpgradableLock()                        {}
func (rw *RWMutex) UpgradableUnlock()                      {}
func (rw *RWMutex) Upgrade()                               {}
func (rw *RWMutex) TryUpgrade() bool                       { return true }
func (rw *RWMutex) Downgrade()                             {}

type ReadToken struct{}

type BiasedRWMutex struct{ _ noCopy }

func (rw *BiasedRWMutex) RLock() ReadToken    { return ReadToken{} }
func (rw *BiasedRWMutex) RUnlock(t ReadToken) {}

type Cond struct {
	_ noCopy
	L sync.Locker
}

func (c *Cond) Wait()                                 {}
func (c *Cond) WaitFor(d time.Duration) bool          { return true }
func (c *Cond) WaitContext(ctx context.Context) error { return nil }

type Event struct{ _ noCopy }

func (e *Event) WaitFor(d time.Duration) bool { return true }

type Semaphore struct{ _ noCopy }

func (s *Semaphore) Acquire(n int64) error                             { return nil }
func (s *Semaphore) AcquireContext(ctx context.Context, n int64) error { return nil }
func (s *Semaphore) TryAcquireFor(n int64, d time.Duration) bool       { return true }
func (s *Semaphore) TryAcquire(n int64) bool                           { return true }

type Once struct{ _ noCopy }

func (o *Once) DoContext(ctx context.Context, f func(ctx context.Context) error) error { return nil }

type WaitGroup struct{ _ noCopy }

func (wg *WaitGroup) Add(delta int)                {}
func (wg *WaitGroup) Done()                        {}
func (wg *WaitGroup) Go(f func())                  {}
func (wg *WaitGroup) WaitFor(d time.Duration) bool { return true }
