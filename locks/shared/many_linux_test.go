// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type many [100]struct {
	mu shared.Mutex
	n  int64
}

// TestThreads has 10,000 goroutines wait for 100 locks.
func TestThreads(t *testing.T) {
	r, err := shared.Anonymous(shared.SizeFor[many]())
	if err != nil {
		t.Fatal(err)
	}
	other, err := shared.OpenFile(r.File()) // as if of another process: but the keeper is the same
	_ = other
	if err == nil {
		t.Log("opened twice")
	}
	m, err := shared.Map[many](r)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m {
		if err := m[i].mu.Lock(); err != nil {
			t.Fatal(err)
		}
	}
	before := threads(t)
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for i := range 10_000 {
		wg.Go(func() {
			l := &m[i%100]
			if i/100%2 == 0 {
				if err := l.mu.Lock(); err != nil {
					t.Error(err)
					return
				}
			} else if err := l.mu.LockContext(ctx); err != nil {
				return
			}
			l.n++
			l.mu.Unlock()
		})
	}
	time.Sleep(time.Second)
	t.Logf("%d threads more", threads(t)-before)
	cancel()
	for i := range m {
		m[i].mu.Unlock()
	}
	wg.Wait()
	for i := range m {
		if m[i].n < 50 {
			t.Error(i, m[i].n)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func threads(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
