// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/openbsd"
	"golang.org/x/sys/unix"
)

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string {
	if release, err := unix.Sysctl("kern.osrelease"); err == nil {
		return "OpenBSD " + release
	}
	return ""
}

// primitives returns what OpenBSD has for locks.
func primitives() []primitive {
	return []primitive{
		{"futex(2)", "6.2", "sleep while a word holds a value", nil, testFutexCall},
		{"futex(2), requeue", "6.2", "move sleepers to another word", nil, testFutexRequeue},
		{"setthrname(2)", "7.3", "name a thread", nil, testThreadName},
	}
}

// sleepingThread lets a thread sleep on word for as long as it is 0.
func sleepingThread(word *atomic.Uint32) *thread.Handle {
	return thread.Spawn(func() error {
		for word.Load() == 0 {
			err := openbsd.FutexWait(word, 0, nil, openbsd.FUTEX_PRIVATE_FLAG)
			if err != nil && err != syscall.EAGAIN && err != syscall.EINTR && err != syscall.ECANCELED {
				return err
			}
		}
		return nil
	})
}

func testFutexCall() error {
	word := new(atomic.Uint32)
	s := sleepingThread(word)
	word.Store(1)
	if _, err := openbsd.FutexWake(word, 1, openbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	return s.Join()
}

func testFutexRequeue() error {
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	a, b := sleepingThread(word), sleepingThread(word)
	word.Store(1)
	if _, err := openbsd.FutexRequeue(word, 1, math.MaxInt32, other, openbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	if _, err := openbsd.FutexWake(other, math.MaxInt32, openbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	if err := a.Join(); err != nil {
		return err
	}
	return b.Join()
}

func testThreadName() error {
	return thread.Spawn(func() error {
		const name = "doctor"
		if err := thread.SetName(name); err != nil {
			return err
		}
		buf := make([]byte, openbsd.MAXCOMLEN+1)
		if err := openbsd.Getthrname(0, buf); err != nil {
			return err
		}
		if got, _, _ := bytes.Cut(buf, []byte{0}); string(got) != name {
			return fmt.Errorf("the name is %q", got)
		}
		return nil
	}).Join()
}
