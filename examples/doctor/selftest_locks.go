// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
)

// workers is how many goroutines or threads use a lock at a time.
const workers = 4

// A mutex is what the tests need of a lock, here and in package native.
type mutex interface {
	sync.Locker
	TryLock() bool
	TryLockFor(d time.Duration) bool
}

func testMutex(c crew, mu mutex) error {
	if err := handsOver(c, mu); err != nil {
		return err
	}
	return excludes(c, mu)
}

// handsOver lets workers wait for mu. Some give up, one gets it.
func handsOver(c crew, mu mutex) error {
	var free atomic.Bool
	mu.Lock()
	giveUp := c.start(0, func() error { return givesUp(mu) })
	wait := c.start(1, func() error {
		mu.Lock()
		defer mu.Unlock()
		if !free.Load() {
			return errors.New("locked while another goroutine holds it")
		}
		return nil
	})
	if err := giveUp(); err != nil {
		return err
	}
	time.Sleep(nap)
	free.Store(true)
	mu.Unlock()
	return wait()
}

// givesUp tries to get mu, which is locked.
func givesUp(mu mutex) error {
	if mu.TryLock() {
		return errors.New("TryLock locked what another goroutine holds")
	}
	if mu.TryLockFor(soon) {
		return errors.New("TryLockFor locked what another goroutine holds")
	}
	mc, ok := mu.(interface{ LockContext(context.Context) error })
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	if err := mc.LockContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("LockContext returned %v, want %v", err, context.DeadlineExceeded)
	}
	return nil
}

// excludes lets workers count together. The count is wrong if two do so at a time.
func excludes(c crew, mu sync.Locker) error {
	n := 0
	err := c.all(workers, func(int) error {
		for range handOvers / workers {
			mu.Lock()
			seen := n
			runtime.Gosched() // so that others come, and have to wait
			n = seen + 1
			mu.Unlock()
		}
		return nil
	})
	if err == nil && n != handOvers {
		err = fmt.Errorf("counted to %d instead of %d: two were inside at a time", n, handOvers)
	}
	return err
}

// An rwMutex is what the tests need of a readers-writer lock.
type rwMutex interface {
	mutex
	RLock()
	RUnlock()
}

func testRWMutex(c crew, rw rwMutex) error {
	if err := testMutex(c, rw); err != nil {
		return err
	}
	if err := readTogether(c, rw); err != nil {
		return err
	}
	// Half of the workers write two numbers, the others read them.
	var a, b int
	return c.all(workers, func(i int) error {
		for range handOvers / workers {
			if i < workers/2 {
				rw.Lock()
				a++
				runtime.Gosched()
				b++
				rw.Unlock()
				continue
			}
			rw.RLock()
			torn := a != b
			rw.RUnlock()
			if torn {
				return errors.New("a reader was inside together with a writer")
			}
		}
		return nil
	})
}

// readTogether returns once all workers have been inside as readers at a time.
func readTogether(c crew, rw rwMutex) error {
	var inside sync.WaitGroup
	inside.Add(workers)
	return c.all(workers, func(int) error {
		rw.RLock()
		defer rw.RUnlock()
		inside.Done()
		inside.Wait()
		return nil
	})
}

// A cond is what the tests need of a condition variable.
type cond interface {
	Wait()
	WaitFor(d time.Duration) bool
	Signal()
	Broadcast()
}

func testCond(c crew, mu sync.Locker, cond cond) error {
	turn := 0 // guarded by mu
	err := c.all(2, func(me int) error {
		for range handOvers / 2 {
			mu.Lock()
			for turn != me {
				cond.Wait()
			}
			turn = 1 - me
			cond.Signal()
			mu.Unlock()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := waitsInVain(c, mu, cond); err != nil {
		return err
	}
	return wakesAll(c, mu, cond)
}

// waitsInVain lets workers wait for a signal that never comes.
func waitsInVain(c crew, mu sync.Locker, cond cond) error {
	return c.all(workers, func(int) error {
		mu.Lock()
		defer mu.Unlock()
		for cond.WaitFor(soon) {
			// Some condition variables may return early, for no reason.
		}
		return nil
	})
}

// wakesAll lets one broadcast end the waits of all workers.
func wakesAll(c crew, mu sync.Locker, cond cond) error {
	waiting, open := 0, false // guarded by mu
	ends := make(chan error, 1)
	go func() {
		ends <- c.all(workers, func(int) error {
			mu.Lock()
			defer mu.Unlock()
			waiting++
			for !open {
				cond.Wait()
			}
			return nil
		})
	}()
	for !open {
		time.Sleep(nap)
		mu.Lock()
		open = waiting == workers // each has let go of mu, so each waits
		mu.Unlock()
	}
	cond.Broadcast()
	return <-ends
}

func testWaitGroup(c crew) error {
	var wg locks.WaitGroup
	var done atomic.Int32
	wg.Add(workers)
	err := c.all(workers, func(int) error {
		if wg.WaitFor(soon) {
			return errors.New("WaitFor returned true before the work was done")
		}
		return nil
	})
	if err != nil {
		return err
	}
	ends := make(chan error, 1)
	go func() {
		ends <- c.all(workers, func(int) error {
			wg.Wait()
			if n := done.Load(); n != workers {
				return fmt.Errorf("woken when %d of %d had done their work", n, workers)
			}
			return nil
		})
	}()
	time.Sleep(nap)
	err = c.all(workers, func(int) error {
		done.Add(1)
		wg.Done()
		return nil
	})
	if err != nil {
		return err
	}
	return <-ends
}

func testOnce(c crew) error {
	var once locks.Once
	calls := 0
	return c.all(workers, func(int) error {
		once.Do(func() {
			time.Sleep(nap) // the others wait
			calls++
		})
		if calls != 1 {
			return fmt.Errorf("after Do the function had been called %d times", calls)
		}
		return nil
	})
}
