// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"testing"

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
