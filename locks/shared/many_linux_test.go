// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/locks/shared"
)

const manyProcesses, manyEach = 4, 2500

// many are locks that many goroutines of many processes wait for.
type many struct {
	locks [100]struct {
		mu shared.Mutex
		n  int64
	}
	processes [manyProcesses]struct {
		begun   atomic.Int32 // goroutines
		done    atomic.Int32
		threads atomic.Int32 // more than before, at the end: Go keeps a thread that it has started
	}
}

func init() {
	roles["many"] = func(args []string) error {
		m, _, err := opened[many](args[0])
		if err != nil {
			return err
		}
		i, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		p := &m.processes[i]
		runtime.GOMAXPROCS(2) // whose threads count, too
		before, err := threadsNow()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		fmt.Println("ready")
		failed := make(chan error)
		var wg sync.WaitGroup
		for i := range manyEach {
			wg.Go(func() {
				l := &m.locks[i%len(m.locks)]
				p.begun.Add(1)
				lock := l.mu.Lock
				if i/len(m.locks)%2 == 0 {
					lock = func() error { return l.mu.LockContext(ctx) }
				}
				if err := lock(); err != nil {
					failed <- err
				}
				l.n++
				l.mu.Unlock()
				p.done.Add(1)
			})
		}
		go func() {
			wg.Wait()
			after, err := threadsNow()
			p.threads.Store(int32(after - before))
			p.done.Add(1)
			if err != nil {
				failed <- err
			}
		}()
		return <-failed
	}
}

// TestThreads has 10,000 goroutines of 4 processes wait for 100 locks. They take some 8 threads in each process, and not one for
// each lock. Go's runtime starts more on a busy machine, where system calls take long.
func TestThreads(t *testing.T) {
	m, name := placed[many](t)
	for i := range m.locks {
		if err := m.locks[i].mu.Lock(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range m.processes {
		worker(t, "many", name, strconv.Itoa(i))
	}
	for i := range m.processes {
		until(t, func() bool { return m.processes[i].begun.Load() == manyEach })
	}
	for i := range m.locks {
		until(t, m.locks[i].mu.Sleepers)
	}
	for i := range m.locks {
		m.locks[i].mu.Unlock()
	}
	most := int32(0)
	for i := range m.processes {
		until(t, func() bool { return m.processes[i].done.Load() == manyEach+1 })
		most = max(most, m.processes[i].threads.Load())
	}
	for i := range m.locks {
		if n := m.locks[i].n; n != manyProcesses*manyEach/int64(len(m.locks)) {
			t.Errorf("lock %d was locked %d times", i, n)
		}
	}
	t.Logf("at most %d threads more", most)
	if most > 25 {
		t.Errorf("%d threads more", most)
	}
}
