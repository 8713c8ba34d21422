// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
)

// comparisons are the rows of the third table.
func comparisons() []comparison {
	rows := append(uncontended(), []comparison{
		{
			"Mutex, 8 goroutines", "sync.Mutex",
			contended(goroutines, func() sync.Locker { return new(locks.Mutex) }),
			contended(goroutines, func() sync.Locker { return new(sync.Mutex) }),
		},
		{
			"RWMutex, 8 goroutines", "sync.RWMutex",
			readMostly(func() rwLocker { return new(locks.RWMutex) }),
			readMostly(func() rwLocker { return new(sync.RWMutex) }),
		},
		{
			"Cond hand-over", "sync.Cond",
			condHandOver(goroutines, locksCond), condHandOver(goroutines, syncCond),
		},
		{
			"park hand-over", "sync.Cond",
			parkHandOver(goroutines), condHandOver(goroutines, syncCond),
		},
		{
			"Mutex, 8 threads", "sync.Mutex, 8 pinned threads",
			contended(threads, func() sync.Locker { return new(locks.Mutex) }),
			contended(threads, func() sync.Locker { return new(sync.Mutex) }),
		},
		{
			"Cond hand-over, threads", "sync.Cond, pinned threads",
			condHandOver(threads, locksCond), condHandOver(threads, syncCond),
		},
		{
			"park hand-over, threads", "sync.Cond, pinned threads",
			parkHandOver(threads), condHandOver(threads, syncCond),
		},
	}...)
	if futex.Supported(futex.Private) {
		rows = append(rows, comparison{
			"futex hand-over, threads", "sync.Cond, pinned threads",
			futexHandOver, condHandOver(threads, syncCond),
		})
	}
	return rows
}

// crowd is how many goroutines or threads want a lock at a time.
const crowd = 8

// together lets workers do body at the same time, and returns how long all of them took.
// What it takes to start them is left out.
func together(c crew, workers int, body func(i int) error) (time.Duration, error) {
	var ready sync.WaitGroup
	ready.Add(workers)
	begin := make(chan struct{})
	end := make(chan error, 1)
	go func() {
		end <- c.all(workers, func(i int) error {
			ready.Done()
			<-begin
			return body(i)
		})
	}()
	ready.Wait()
	start := clock.Now()
	close(begin)
	err := <-end
	return start.Elapsed(), err
}

// contended counts to n in a crowd.
func contended(c crew, make func() sync.Locker) measured {
	return func(n int) (time.Duration, error) {
		mu, counter := make(), 0
		each := (n + crowd - 1) / crowd
		took, err := together(c, crowd, func(int) error {
			for range each {
				mu.Lock()
				counter++
				mu.Unlock()
			}
			return nil
		})
		if err == nil && counter != crowd*each {
			err = fmt.Errorf("counted to %d instead of %d", counter, crowd*each)
		}
		return took * time.Duration(n) / time.Duration(crowd*each), err
	}
}

// An rwLocker is what both kinds of RWMutex have.
type rwLocker interface {
	sync.Locker
	RLock()
	RUnlock()
}

// readMostly reads a number n times in a crowd, and adds one to it every tenth time.
func readMostly(make func() rwLocker) measured {
	return func(n int) (time.Duration, error) {
		rw, counter := make(), 0
		each := (n + crowd - 1) / crowd
		took, err := together(goroutines, crowd, func(int) error {
			last := 0
			for i := range each {
				if i%10 == 0 {
					rw.Lock()
					counter++
					rw.Unlock()
					continue
				}
				rw.RLock()
				now := counter
				rw.RUnlock()
				if now < last {
					return fmt.Errorf("read %d after %d", now, last)
				}
				last = now
			}
			return nil
		})
		return took * time.Duration(n) / time.Duration(crowd*each), err
	}
}

// waitSignaler is what both kinds of Cond have.
type waitSignaler interface {
	Wait()
	Signal()
}

func locksCond() (sync.Locker, waitSignaler) {
	mu := new(locks.Mutex)
	return mu, locks.NewCond(mu)
}

func syncCond() (sync.Locker, waitSignaler) {
	mu := new(sync.Mutex)
	return mu, sync.NewCond(mu)
}

// condHandOver passes a turn n times between two workers, through a condition variable.
func condHandOver(c crew, make func() (sync.Locker, waitSignaler)) measured {
	return func(n int) (time.Duration, error) {
		mu, cond := make()
		turn := 0
		return together(c, 2, func(me int) error {
			for i := me; i < n; i += 2 {
				mu.Lock()
				for turn != me {
					cond.Wait()
				}
				turn = 1 - me
				mu.Unlock()
				cond.Signal()
			}
			return nil
		})
	}
}

// parkHandOver passes a word n times between two workers, through package park.
func parkHandOver(c crew) measured {
	return func(n int) (time.Duration, error) {
		word := new(atomic.Uint32)
		return together(c, 2, wordHandOver(word, n,
			func(old uint32) error { park.Wait(word, old); return nil },
			func() error { park.Wake(word); return nil }))
	}
}

// futexHandOver passes a word n times between two threads, through the kernel.
func futexHandOver(n int) (time.Duration, error) {
	word := new(atomic.Uint32)
	return together(threads, 2, wordHandOver(word, n,
		func(old uint32) error { return futex.Wait(word, old, futex.Private) },
		func() error { return futex.Wake(word, futex.Private) }))
}
