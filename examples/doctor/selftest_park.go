// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
)

const (
	// handOvers is how often a self-test passes something from one worker to the next.
	handOvers = 100
	// nap is how long a waker holds back, so that a waiter gives up spinning and
	// sleeps. The result of no test depends on it.
	nap = time.Millisecond
	// soon ends the waits that must end by time.
	soon = time.Millisecond
)

// testFutex checks the kernel wait on words of one scope.
func testFutex(scope futex.Scope) error {
	word := new(atomic.Uint32)
	if err := futex.WaitUntil(word, 0, time.Now().Add(soon), scope); !errors.Is(err, os.ErrDeadlineExceeded) && err != nil {
		return fmt.Errorf("a wait with a deadline ended with %v, want %v", err, os.ErrDeadlineExceeded)
	}
	return threads.all(2, wordHandOver(word, handOvers, nil,
		func(old uint32) error { return futex.Wait(word, old, scope) },
		func() error { return futex.Wake(word, scope) }))
}

// testPark checks the parking lot.
func testPark(c crew) error {
	word := new(atomic.Uint32)
	err := c.all(2, func(int) error {
		if park.WaitFor(word, 0, soon) {
			return errors.New("a wait with a time limit ended without a wake-up")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := wakeSleepers(c, word); err != nil {
		return err
	}
	word.Store(0)
	return c.all(2, wordHandOver(word, handOvers, nil,
		func(old uint32) error { park.Wait(word, old); return nil },
		func() error { park.Wake(word); return nil }))
}

// wakeSleepers lets workers sleep on word, which is 0, until each has been woken.
func wakeSleepers(c crew, word *atomic.Uint32) error {
	const sleepers = 4
	ends := make(chan error, 1)
	go func() {
		ends <- c.all(sleepers, func(int) error {
			park.Wait(word, 0)
			return nil
		})
	}()
	time.Sleep(nap)
	for woken := 0; woken < sleepers; {
		if park.Wake(word) {
			woken++
		} else {
			time.Sleep(nap / 10) // it is still on its way
		}
	}
	return <-ends
}

// wordHandOver passes word, which is 0, n times between two workers: each waits until it is
// the worker's own number, and then makes it the other's. w notes the waits.
func wordHandOver(word *atomic.Uint32, n int, w *waits, wait func(old uint32) error, wake func() error) func(i int) error {
	return func(i int) error {
		for turn := i; turn < n; turn += 2 {
			me, begin := uint32(i), w.begin()
			for word.Load() != me {
				if err := wait(1 - me); err != nil {
					return err
				}
			}
			w.end(i, begin)
			word.Store(1 - me)
			if err := wake(); err != nil {
				return err
			}
		}
		return nil
	}
}
