// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/sys/linux"
)

const private = linux.FUTEX_PRIVATE_FLAG // no other process maps the word

func show(out io.Writer) error {
	word := new(atomic.Uint32)
	// The word is 0 and we ask to sleep while it is 1: the kernel compares, and we return.
	err := linux.FutexWait(word, 1, nil, private)
	fmt.Fprintf(out, "wait while the word is 1, but it is 0: %v\n", err)
	if err != syscall.EAGAIN {
		return fmt.Errorf("got %w, want EAGAIN", err)
	}
	for err = syscall.EINTR; err == syscall.EINTR; { // the Go runtime sends signals
		err = linux.FutexWait(word, 0, &linux.Timespec{Nsec: 1e6}, private)
	}
	fmt.Fprintf(out, "wait while it is 0, for at most 1 ms: %v\n", err)
	if err != syscall.ETIMEDOUT {
		return fmt.Errorf("got %w, want ETIMEDOUT", err)
	}
	n, err := linux.FutexWake(word, 1, private)
	fmt.Fprintf(out, "wake one, without a sleeper: woke %d\n", n)
	if n != 0 || err != nil {
		return fmt.Errorf("woke %d, %w, want nobody", n, err)
	}

	var returns atomic.Int32
	done := make(chan error)
	go func() { // it costs a thread while it sleeps
		for word.Load() == 0 {
			if err := linux.FutexWait(word, 0, nil, private); err != nil && err != syscall.EAGAIN {
				done <- err
				return
			}
			returns.Add(1)
		}
		done <- nil
	}()
	if err := wake(word); err != nil { // and it looks at the word, which is 0, and sleeps again
		return err
	}
	if err := wake(word); err != nil {
		return err
	}
	word.Store(1)
	if _, err := linux.FutexWake(word, 1, private); err != nil {
		return err
	}
	if err := <-done; err != nil {
		return err
	}
	fmt.Fprintf(out, "a sleeper, woken twice for nothing and then with the word at 1: returned from %d waits\n", returns.Load())
	if returns.Load() < 2 {
		return errors.New("it was woken twice and has not noticed")
	}

	const times = 10_000
	start := time.Now()
	for range times {
		if _, err := linux.FutexWake(word, 1, private); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "a wake without a sleeper: %v. Locks avoid it by noting whether there are waiters (see ch09).\n", time.Since(start)/times)
	return nil
}

// wake wakes a thread on word, and tries until there is one.
func wake(word *atomic.Uint32) error {
	for {
		if n, err := linux.FutexWake(word, 1, private); n == 1 || err != nil {
			return err
		}
		time.Sleep(10 * time.Microsecond) // it has not fallen asleep yet
	}
}
