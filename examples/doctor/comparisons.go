// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"slices"
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
	rows := append(uncontended(),
		crowded("Mutex, 8 goroutines", "sync.Mutex",
			contended(goroutines, func() sync.Locker { return new(locks.Mutex) }),
			contended(goroutines, func() sync.Locker { return new(sync.Mutex) })),
		crowded("RWMutex, 8 goroutines", "sync.RWMutex",
			readMostly(func() rwLocker { return new(locks.RWMutex) }),
			readMostly(func() rwLocker { return new(sync.RWMutex) })),
		crowded("Cond hand-over", "sync.Cond",
			condHandOver(goroutines, locksCond), condHandOver(goroutines, syncCond)),
		crowded("park hand-over", "sync.Cond",
			parkHandOver(goroutines), condHandOver(goroutines, syncCond)),
		crowded("Mutex, 8 threads", "sync.Mutex, 8 pinned threads",
			contended(threads, func() sync.Locker { return new(locks.Mutex) }),
			contended(threads, func() sync.Locker { return new(sync.Mutex) })),
		crowded("Cond hand-over, threads", "sync.Cond, pinned threads",
			condHandOver(threads, locksCond), condHandOver(threads, syncCond)),
		crowded("park hand-over, threads", "sync.Cond, pinned threads",
			parkHandOver(threads), condHandOver(threads, syncCond)),
	)
	if futex.Supported(futex.Private) {
		rows = append(rows, crowded("futex hand-over, threads", "sync.Cond, pinned threads",
			futexHandOver, condHandOver(threads, syncCond)))
	}
	return rows
}

// crowd is how many goroutines or threads want a lock at a time.
const crowd = 8

// A contest does an operation n times in several workers, which wait for each other, and returns how long that took.
type contest func(n int, w *waits) (time.Duration, error)

// crowded is a row whose workers wait for each other.
func crowded(name, counterpart string, osync, sync contest) comparison {
	return comparison{name, counterpart, osync.cost, sync.cost, osync.longest, sync.longest}
}

func (c contest) cost(n int) (time.Duration, error) { return c(n, nil) }

// longest returns the longest wait instead.
func (c contest) longest(n int) (time.Duration, error) {
	w := new(waits)
	_, err := c(n, w)
	return slices.Max(w.longest[:]), err
}

// waits notes the longest wait of each worker. Where it is nil it takes no time.
type waits struct{ longest [crowd]time.Duration }

func (w *waits) begin() (m clock.Moment) {
	if w != nil {
		m = clock.Now()
	}
	return m
}

func (w *waits) end(i int, begin clock.Moment) {
	if w != nil {
		w.longest[i] = max(w.longest[i], begin.Elapsed())
	}
}

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
func contended(c crew, make func() sync.Locker) contest {
	return func(n int, w *waits) (time.Duration, error) {
		mu, counter := make(), 0
		each := (n + crowd - 1) / crowd
		took, err := together(c, crowd, func(i int) error {
			for range each {
				begin := w.begin()
				mu.Lock()
				w.end(i, begin)
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
func readMostly(make func() rwLocker) contest {
	return func(n int, w *waits) (time.Duration, error) {
		rw, counter := make(), 0
		each := (n + crowd - 1) / crowd
		took, err := together(goroutines, crowd, func(worker int) error {
			last := 0
			for i := range each {
				begin := w.begin()
				if i%10 == 0 {
					rw.Lock()
					w.end(worker, begin)
					counter++
					rw.Unlock()
					continue
				}
				rw.RLock()
				w.end(worker, begin)
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
func condHandOver(c crew, make func() (sync.Locker, waitSignaler)) contest {
	return func(n int, w *waits) (time.Duration, error) {
		mu, cond := make()
		turn := 0
		return together(c, 2, func(me int) error {
			for i := me; i < n; i += 2 {
				begin := w.begin()
				mu.Lock()
				for turn != me {
					cond.Wait()
				}
				w.end(me, begin)
				turn = 1 - me
				mu.Unlock()
				cond.Signal()
			}
			return nil
		})
	}
}

// parkHandOver passes a word n times between two workers, through package park.
func parkHandOver(c crew) contest {
	return func(n int, w *waits) (time.Duration, error) {
		word := new(atomic.Uint32)
		return together(c, 2, wordHandOver(word, n, w,
			func(old uint32) error { park.Wait(word, old); return nil },
			func() error { park.Wake(word); return nil }))
	}
}

// futexHandOver passes a word n times between two threads, through the kernel.
func futexHandOver(n int, w *waits) (time.Duration, error) {
	word := new(atomic.Uint32)
	return together(threads, 2, wordHandOver(word, n, w,
		func(old uint32) error { return futex.Wait(word, old, futex.Private) },
		func() error { return futex.Wake(word, futex.Private) }))
}
