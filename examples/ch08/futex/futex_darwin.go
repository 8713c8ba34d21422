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
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

const op = darwin.UL_COMPARE_AND_WAIT // 4 bytes, this process

func show(out io.Writer) error {
	word := new(atomic.Uint32)
	addr := unsafe.Pointer(word)
	_, err := darwin.UlockWait(op, addr, 1, 0)
	fmt.Fprintf(out, "wait while the word is 1, but it is 0: returned, error %v\n", err)
	if err != nil {
		return err // an ErrUnsupported where the private calls were left out
	}
	for err = syscall.EINTR; err == syscall.EINTR; { // the Go runtime sends signals
		_, err = darwin.UlockWait(op, addr, 0, 1000)
	}
	fmt.Fprintf(out, "wait while it is 0, for at most 1000 µs: %v\n", err)
	if err != syscall.ETIMEDOUT {
		return fmt.Errorf("got %w, want ETIMEDOUT", err)
	}
	err = darwin.UlockWake(op, addr, 0)
	fmt.Fprintf(out, "wake one, without a sleeper: %v\n", err)
	if err != syscall.ENOENT {
		return fmt.Errorf("got %w, want ENOENT", err)
	}

	var returns atomic.Int32
	done := make(chan struct{})
	go func() { // it costs a thread while it sleeps
		defer close(done)
		for word.Load() == 0 {
			_, _ = darwin.UlockWait(op, addr, 0, 0) // whatever it says, the word decides
			returns.Add(1)
		}
	}()
	for darwin.UlockWake(op, addr, 0) == syscall.ENOENT {
		time.Sleep(10 * time.Microsecond) // it has not fallen asleep yet
	}
	word.Store(1)
	if err := darwin.UlockWake(op, addr, 0); err != nil && err != syscall.ENOENT {
		return err
	}
	<-done
	fmt.Fprintf(out, "a sleeper, woken for nothing and then with the word at 1: returned from %d waits\n", returns.Load())
	if returns.Load() < 1 {
		return errors.New("it was woken and has not noticed")
	}
	return nil
}
