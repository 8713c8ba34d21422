// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/openbsd"
)

// systemName is what systemVersion begins with.
const systemName = "OpenBSD"

// primitives returns what OpenBSD has for locks.
func primitives() []primitive {
	return []primitive{
		{"futex(2)", "6.2", "sleep while a word holds a value", nil, testFutexCall},
		{"futex(2), requeue", "6.2", "move sleepers to another word", nil, testFutexRequeue},
		{"setthrname(2)", "7.3", "name a thread", nil, testThreadName},
	}
}

// futexWait sleeps while word is 0, or for a shorter time.
func futexWait(word *atomic.Uint32) error {
	switch err := openbsd.FutexWait(word, 0, nil, openbsd.FUTEX_PRIVATE_FLAG); err {
	case syscall.EAGAIN, syscall.EINTR, syscall.ECANCELED:
		return nil
	default:
		return err
	}
}

func futexWake(word *atomic.Uint32, most uint32) error {
	_, err := openbsd.FutexWake(word, most, openbsd.FUTEX_PRIVATE_FLAG)
	return err
}

func testFutexRequeue() error {
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	a, b := sleepingThread(word), sleepingThread(word)
	word.Store(1)
	if _, err := openbsd.FutexRequeue(word, 1, math.MaxInt32, other, openbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	if err := futexWake(other, math.MaxInt32); err != nil {
		return err
	}
	if err := a.Join(); err != nil {
		return err
	}
	return b.Join()
}

// threadName returns the name of the calling thread, up to a zero.
func threadName() ([]byte, error) {
	buf := make([]byte, openbsd.MAXCOMLEN+1)
	return buf, openbsd.Getthrname(0, buf)
}
