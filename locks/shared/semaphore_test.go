// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type permits struct {
	sem  shared.Semaphore
	next atomic.Int64
	uses [1024]struct {
		pid atomic.Int64 // of a process
		n   atomic.Int64 // how many permits it uses
	}
}

const permitsTotal = 5

func init() {
	roles["permits"] = func(args []string) error {
		p, _, err := opened[permits](args[0])
		if err != nil {
			return err
		}
		if err := p.sem.Init(permitsTotal); err != nil {
			return err
		}
		use := &p.uses[p.next.Add(1)]
		use.pid.Store(int64(os.Getpid()))
		fmt.Println("ready")
		errs := make(chan error)
		for range 4 {
			go func() {
				for {
					if err := p.use(&use.n, 1+rand.Int64N(2)); err != nil {
						errs <- err
					}
				}
			}()
		}
		return <-errs
	}
}

// use acquires permits and releases them.
func (p *permits) use(uses *atomic.Int64, n int64) error {
	switch rand.IntN(4) {
	case 0:
		if ok, err := p.sem.TryAcquireFor(n, time.Millisecond); !ok {
			return err
		}
	case 1:
		if ok, err := p.sem.TryAcquire(n); !ok {
			return err
		}
	default:
		if err := p.sem.Acquire(n); err != nil {
			return err
		}
	}
	if sum := uses.Add(n); sum > permitsTotal {
		return fmt.Errorf("a process uses %d permits of %d", sum, permitsTotal)
	}
	if rand.IntN(8) == 0 {
		time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
	}
	uses.Add(-n)
	return p.sem.Release(n)
}

// TestKillSemaphore kills processes that hold permits. From time to time it acquires all: then no living process uses any.
func TestKillSemaphore(t *testing.T) {
	p, name := placed[permits](t)
	if err := p.sem.Init(permitsTotal); err != nil {
		t.Fatal(err)
	}
	back := int64(0)
	killing(t, "permits", name, 3, func(int) error {
		for i := range p.uses {
			u := &p.uses[i]
			if _, dead := killed.Load(int(u.pid.Load())); dead {
				u.pid.Store(0)
				back += u.n.Swap(0)
			}
		}
		for range permitsTotal {
			if err := p.sem.Acquire(1); err != nil {
				return err
			}
		}
		for i := range p.uses {
			if n := p.uses[i].n.Load(); n != 0 {
				return fmt.Errorf("all permits are held, and another process uses %d", n)
			}
		}
		if n, err := p.sem.Available(); n != 0 || err != nil {
			return fmt.Errorf("all permits are held, and %d are available; %w", n, err)
		}
		return p.sem.Release(permitsTotal)
	})
	if n, err := p.sem.Available(); n != permitsTotal || err != nil {
		t.Error(n, err)
	}
	t.Logf("%d permits were used by processes that were killed", back)
}

func init() {
	roles["holder"] = func(args []string) error {
		p, _, err := opened[permits](args[0])
		if err == nil {
			err = p.sem.Acquire(2)
		}
		if err != nil {
			return err
		}
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return nil
	}
}

// TestSemaphoreHolders has as many processes as can hold permits, and one more, which waits until one of them is killed.
func TestSemaphoreHolders(t *testing.T) {
	p, name := placed[permits](t)
	if err := p.sem.Init(100); err != nil {
		t.Fatal(err)
	}
	var holders [13]*exec.Cmd
	for i := range holders {
		holders[i] = worker(t, "holder", name)
	}
	if ok, err := p.sem.TryAcquire(1); ok || err != nil {
		t.Fatal("a process more than can hold permits:", ok, err)
	}
	if n, err := p.sem.Available(); n != 100-2*13 || err != nil {
		t.Fatal(n, err)
	}
	acquired := make(chan error)
	go func() { acquired <- p.sem.Acquire(1) }()
	if err := kill(holders[5]); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { return <-acquired }); err != nil {
		t.Fatal(err)
	}
	if err := p.sem.Release(1); err != nil {
		t.Fatal(err)
	}
	for _, h := range holders {
		kill(h)
	}
	if err := within(func() error { return p.sem.Acquire(100) }); err != nil {
		t.Fatal(err)
	}
	if err := p.sem.Release(100); err != nil {
		t.Error(err)
	}
}

// TestSemaphoreDeath kills the process that holds all permits while another one sleeps for one.
func TestSemaphoreDeath(t *testing.T) {
	p, name := placed[permits](t)
	if err := p.sem.Init(2); err != nil {
		t.Fatal(err)
	}
	h := worker(t, "holder", name)
	acquired := make(chan error, 1)
	go func() { acquired <- p.sem.Acquire(1) }()
	waitFor(p.sem.Sleeping)
	if err := kill(h); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { return <-acquired }); err != nil {
		t.Fatal(err)
	}
	if err := p.sem.Release(1); err != nil {
		t.Error(err)
	}
}

// TestSemaphoreOrder has a large request wait, which small ones of the process do not overtake.
func TestSemaphoreOrder(t *testing.T) {
	p, _ := placed[permits](t)
	if err := errors.Join(p.sem.Init(10), p.sem.Acquire(3)); err != nil {
		t.Fatal(err)
	}
	order := make(chan int64, 2)
	for i, n := range []int64{8, 3} { // which do not fit in together
		go func() {
			if err := p.sem.Acquire(n); err != nil {
				t.Error(err)
			}
			order <- n
			if err := p.sem.Release(n); err != nil {
				t.Error(err)
			}
		}()
		waitFor(func() bool { return p.sem.Queued() == i+1 && p.sem.Sleeping() })
	}
	if ok, err := p.sem.TryAcquire(1); ok || err != nil {
		t.Error("TryAcquire overtakes a request that waits:", ok, err)
	}
	if ok, err := p.sem.TryAcquireFor(1, time.Millisecond); ok || err != nil {
		t.Error("TryAcquireFor overtakes a request that waits:", ok, err)
	}
	if err := p.sem.AcquireContext(soon(t), 1); err != context.DeadlineExceeded {
		t.Error("AcquireContext overtakes a request that waits:", err)
	}
	if err := p.sem.Release(3); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error {
		if a, b := <-order, <-order; a != 8 || b != 3 {
			return fmt.Errorf("%d came before %d", a, b)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSemaphoreLimits(t *testing.T) {
	p, _ := placed[permits](t)
	if err := p.sem.Acquire(1); err != shared.ErrUninitialized {
		t.Error(err)
	}
	if n, err := p.sem.Available(); n != 0 || err != shared.ErrUninitialized {
		t.Error(n, err)
	}
	if err := errors.Join(p.sem.Init(3), p.sem.Init(3)); err != nil {
		t.Error(err)
	}
	if err := p.sem.Init(4); !errors.Is(err, shared.ErrInitialized) {
		t.Error(err)
	}
	if ok, err := p.sem.TryAcquire(4); ok || err != shared.ErrTooLarge {
		t.Error(ok, err)
	}
	if ok, err := p.sem.TryAcquire(3); !ok || err != nil {
		t.Error(ok, err)
	}
	if err := p.sem.Acquire(0); err != nil {
		t.Error(err)
	}
	for _, d := range []time.Duration{-1, 0, time.Millisecond} {
		if ok, err := p.sem.TryAcquireFor(1, d); ok || err != nil {
			t.Error(d, ok, err)
		}
	}
	if err := p.sem.AcquireContext(soon(t), 1); err != context.DeadlineExceeded {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(os.ErrProcessDone)
	if err := p.sem.AcquireContext(ctx, 0); err != os.ErrProcessDone {
		t.Error(err)
	}
	if n := p.sem.Queued(); n != 0 {
		t.Errorf("%d are still waiting", n)
	}
	if err := p.sem.Release(3); err != nil {
		t.Error(err)
	}
	if n, err := p.sem.Available(); n != 3 || err != nil {
		t.Error(n, err)
	}
}

func TestSemaphoreMisuse(t *testing.T) {
	p, _ := placed[permits](t)
	if err := errors.Join(p.sem.Init(3), p.sem.Acquire(2)); err != nil {
		t.Fatal(err)
	}
	mustPanic(t, "Release of more than the process holds", func() { p.sem.Release(3) })
	mustPanic(t, "Release of a negative number", func() { p.sem.Release(-1) })
	mustPanic(t, "Acquire of a negative number", func() { p.sem.Acquire(-1) })
	mustPanic(t, "Init with 0", func() { p.sem.Init(0) })
	var s shared.Semaphore
	mustPanic(t, "Acquire of a Semaphore in no region", func() { s.Acquire(1) })
	mustPanic(t, "Init of a Semaphore in no region", func() { s.Init(1) })
	if n, err := p.sem.Available(); n != 1 || err != nil {
		t.Error(n, err)
	}
	if err := p.sem.Release(2); err != nil {
		t.Error(err)
	}
}

// TestSemaphoreTogether has the goroutines of a process acquire and release at the same time.
func TestSemaphoreTogether(t *testing.T) {
	p, _ := placed[permits](t)
	if err := p.sem.Init(permitsTotal); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if err := p.use(&p.uses[0].n, 1+rand.Int64N(3)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	if err := within(func() error { wg.Wait(); return nil }); err != nil {
		t.Fatal(err)
	}
	if n, err := p.sem.Available(); n != permitsTotal || err != nil {
		t.Error(n, err)
	}
}

func TestSemaphoreCrowd(t *testing.T) {
	p, _ := placed[permits](t)
	if err := errors.Join(p.sem.Init(1), p.sem.Acquire(1)); err != nil {
		t.Fatal(err)
	}
	crowded(t, 1000, func() error { return errors.Join(p.sem.Acquire(1), p.sem.Release(1)) },
		sync.OnceValue(func() error { return p.sem.Release(1) }))
}

func TestSemaphoreHostile(t *testing.T) {
	p, _ := placed[permits](t)
	if err := p.sem.Init(3); err != nil {
		t.Fatal(err)
	}
	hostile(t, &p.sem, func() {
		if ok, _ := p.sem.TryAcquireFor(1, 100*time.Microsecond); ok {
			p.sem.Release(1)
		}
		p.sem.Available()
	})
}
