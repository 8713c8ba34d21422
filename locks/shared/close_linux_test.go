// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type closeableHere struct {
	pthread shared.PthreadMutex
	pi      shared.PIMutex
}

func (c *closeableHere) addHere(all map[string]straggling) {
	c.pthread.Init()
	all["PthreadMutex"] = &c.pthread
}

// TestCloseEvictedStraggler is TestCloseStragglers for a lock that has been evicted.
func TestCloseEvictedStraggler(t *testing.T) {
	p, name := placed[closeable](t)
	q, r, err := opened[closeable](name)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := q.mu.Lock(); err != nil {
			t.Fatal(err)
		}
		q.mu.Unlock()
	}
	take := q.mu.Straggler()
	shared.Evict(nil)
	defer shared.Closing(func(at int) {
		if at == 1 {
			take()
		}
	})()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if locked, err := p.mu.TryLock(); !locked || err != nil {
		t.Errorf("after Close: %v, %v", locked, err)
	} else {
		p.mu.Unlock()
	}
}

// TestClosePIMutex closes a region while a thread is between two steps of a PIMutex's Lock and Unlock.
func TestClosePIMutex(t *testing.T) {
	p, name := placed[closeable](t)
	if err := p.pi.Lock(); err != nil {
		t.Skip(err)
	}
	p.pi.Unlock()
	q, r, err := opened[closeable](name)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	_, err = q.pi.Between(func() {
		go func() { done <- r.Close() }()
		for !r.Closed() {
		}
	})
	if err != shared.ErrClosed {
		t.Error("Lock:", err)
	}
	if err := within(func() error { return <-done }); err != nil {
		t.Error(err)
	}
	if locked, err := p.pi.TryLock(); !locked || err != nil {
		t.Errorf("after Close: %v, %v", locked, err)
	} else {
		p.pi.Unlock()
	}
}

// TestCloseUnlock closes a region while a goroutine is between the two steps of an Unlock. Close waits until the second one is done.
func TestCloseUnlock(t *testing.T) {
	p, name := placed[closeable](t)
	if err := p.pthread.Init(); err != nil {
		t.Fatal(err)
	}
	var waiters sync.WaitGroup
	waiting := func(q *closeable) (unlock func()) {
		if err := q.pthread.Lock(); err != nil {
			t.Fatal(err)
		}
		waiters.Go(func() {
			if p.pthread.Lock() == nil {
				p.pthread.Unlock()
			}
		})
		for !p.pthread.Awaited() {
			time.Sleep(10 * time.Microsecond)
		}
		return q.pthread.Unlock
	}
	inheriting := func(q *closeable) (unlock func()) {
		if err := q.pi.Lock(); err != nil {
			t.Skip(err)
		}
		return q.pi.Unlock
	}
	for kind, lock := range map[string]func(q *closeable) (unlock func()){"PthreadMutex": waiting, "PIMutex": inheriting} {
		t.Run(kind, func(t *testing.T) {
			q, r, err := opened[closeable](name)
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			defer shared.Unlocking(func() {
				go func() { done <- r.Close() }()
				for !r.Closed() {
					time.Sleep(10 * time.Microsecond)
				}
				select {
				case err := <-done:
					t.Errorf("Close did not wait: %v", err)
					done <- err
				case <-time.After(20 * time.Millisecond): // if Close needs longer, the test tests less
				}
			})()
			lock(q)()
			if err := within(func() error { return <-done }); err != nil {
				t.Error(err)
			}
			waiters.Wait()
		})
	}
}
