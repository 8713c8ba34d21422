// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"math/rand/v2"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// killing kills workers at random times and starts others. check is called after each kill, with the number of those
// that live.
func killing(t *testing.T, role, name string, n int, check func(alive int) error) {
	t.Helper()
	workers := make([]*exec.Cmd, n)
	for i := range workers {
		workers[i] = worker(t, role, name)
	}
	for range max(*kills/10, 1) {
		i := rand.IntN(len(workers))
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		if err := kill(workers[i]); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error { return check(n - 1) }); err != nil {
			t.Fatal(err)
		}
		workers[i] = worker(t, role, name)
	}
	for _, w := range workers {
		if err := kill(w); err != nil {
			t.Fatal(err)
		}
	}
	if err := within(func() error { return check(0) }); err != nil {
		t.Fatal(err)
	}
}

// crowded runs n goroutines that wait, and then ends their waits. It fails if they cost threads: Go's runtime starts some of its
// own while system calls take long.
func crowded(t *testing.T, n int, wait func() error, end func() error) {
	t.Helper()
	before := threads(t)
	var wg sync.WaitGroup
	var begun sync.WaitGroup
	begun.Add(n)
	for range n {
		wg.Go(func() {
			begun.Done()
			if err := wait(); err != nil {
				t.Error(err)
			}
		})
	}
	begun.Wait()
	time.Sleep(20 * time.Millisecond) // most of them sleep by now
	if more := threads(t) - before; more > n/10 {
		t.Errorf("%d waiting goroutines have %d threads", n, more)
	}
	if err := within(func() error { return endAll(&wg, end) }); err != nil {
		t.Fatal(err)
	}
}

// endAll calls end until all have done.
func endAll(wg *sync.WaitGroup, end func() error) error {
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for {
		if err := end(); err != nil {
			return err
		}
		select {
		case <-done:
			return nil
		case <-time.After(time.Millisecond):
		}
	}
}

// soon returns a context that is done soon.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
