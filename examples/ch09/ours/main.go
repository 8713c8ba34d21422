// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ours shows where the steps of this chapter lead: the locks of package locks stand on the same
// parking lot, four and eight bytes each, and add what the steps lack.
//
// Watch for: mutex3 lets a newcomer overtake forever; locks.Mutex hands the lock to a waiter that
// has waited for a millisecond. A waiter can give up. A broadcast moves the waiters to the mutex. Readers
// and writers take turns, and a lock can change from one to the other without letting go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const about = `ours shows what the locks of package locks have beyond the steps of this chapter.`

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	for _, show := range []func(io.Writer) error{fairness, givingUp, broadcast, turns} {
		if err := show(out); err != nil {
			return err
		}
	}
	return nil
}

// fairness lets one goroutine hold a Mutex nearly always, and another one want it now and then.
func fairness(out io.Writer) error {
	var m locks.Mutex
	var enough atomic.Bool
	var greedy sync.WaitGroup
	greedy.Go(func() {
		for !enough.Load() {
			m.Lock()
			for start := time.Now(); time.Since(start) < 50*time.Microsecond; {
			}
			m.Unlock()
		}
	})
	const times = 20
	var longest time.Duration
	for range times {
		start := time.Now()
		m.Lock()
		longest = max(longest, time.Since(start))
		m.Unlock()
	}
	enough.Store(true)
	greedy.Wait()
	fmt.Fprintf(out, "Mutex, %d bytes: beside one that takes it again at once, we had it %d times; longest wait %.1f ms\n",
		unsafe.Sizeof(m), times, longest.Seconds()*1e3)
	return nil
}

// givingUp waits for a Mutex that no goroutine will unlock, with a limit and with a context.
func givingUp(out io.Writer) error {
	var m locks.Mutex
	m.Lock()
	if m.TryLockFor(time.Millisecond) {
		return errors.New("TryLockFor has locked what was locked")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	tired := errors.New("tired of waiting")
	time.AfterFunc(time.Millisecond, func() { cancel(tired) })
	err := m.LockContext(ctx)
	fmt.Fprintf(out, "Mutex: TryLockFor gave up after 1 ms; LockContext: %v\n", err)
	if !errors.Is(err, tired) {
		return fmt.Errorf("LockContext: got %w, want the cause of the context", err)
	}
	m.Unlock()
	if !m.TryLock() {
		return errors.New("those who gave up have left something behind")
	}
	return nil
}

// broadcast wakes many at once.
func broadcast(out io.Writer) error {
	var m locks.Mutex
	c := locks.NewCond(&m)
	const waiters = 100
	var wg sync.WaitGroup
	waiting, returns := 0, 0
	for range waiters {
		wg.Go(func() {
			m.Lock()
			waiting++
			c.Wait() // not in a loop, only to count: like sync.Cond's it returns for a signal alone
			returns++
			m.Unlock()
		})
	}
	for all := false; !all; time.Sleep(10 * time.Microsecond) {
		m.Lock()
		all = waiting == waiters
		m.Unlock()
	}
	m.Lock()
	c.Broadcast() // moves all to the queue of m
	if returns != 0 {
		return errors.New("a wait has returned before the broadcast")
	}
	m.Unlock()
	wg.Wait()
	fmt.Fprintf(out, "Cond: a broadcast to %d, %d waits returned, one after the other\n", waiters, returns)
	if returns != waiters {
		return fmt.Errorf("want %d", waiters)
	}
	return nil
}

// turns shows what readers and writers of an RWMutex can rely on.
func turns(out io.Writer) error {
	var l locks.RWMutex
	l.Lock()
	l.Downgrade() // no goroutine can write between the two
	if !l.TryRLock() || l.TryLock() {
		return errors.New("after Downgrade others can read, and nobody can write")
	}
	l.RUnlock()
	wrote := make(chan struct{})
	go func() {
		l.Lock()
		l.Unlock()
		close(wrote)
	}()
	for l.TryRLock() { // until the writer waits
		l.RUnlock()
		time.Sleep(10 * time.Microsecond)
	}
	l.RUnlock()
	<-wrote
	fmt.Fprintf(out, "RWMutex, %d bytes: a writer became a reader; a waiting writer stopped new readers\n", unsafe.Sizeof(l))
	return nil
}
