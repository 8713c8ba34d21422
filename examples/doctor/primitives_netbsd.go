// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/netbsd"
	"golang.org/x/sys/unix"
)

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string {
	if release, err := unix.Sysctl("kern.osrelease"); err == nil {
		return "NetBSD " + release
	}
	return ""
}

// primitives returns what NetBSD has for locks.
func primitives() []primitive {
	hasFutex := func() error {
		_, err := netbsd.FutexWake(new(atomic.Uint32), 1, netbsd.FUTEX_PRIVATE_FLAG)
		return err
	}
	return []primitive{
		{"__futex", "10.0", "sleep while a word holds a value", hasFutex, testFutexCall},
		{"__futex, requeue", "10.0", "move sleepers to the word of a lock", hasFutex, testFutexRequeue},
		{
			"robust lists", "10.0", "the kernel unlocks what a thread held when it ended",
			func() error { _, _, err := netbsd.FutexGetRobustList(0); return err }, nil,
		},
		{"_lwp_park", "7.0", "sleep until another thread says so", nil, testLwpPark},
		{"_lwp_setname", "5.0", "name a thread", nil, testThreadName},
		{
			"_sched_setaffinity", "5.0", "bind a thread to CPUs",
			func() error { return netbsd.SchedGetaffinity(0, netbsd.LwpSelf(), make([]uint32, 1)) }, nil,
		},
	}
}

// sleepingThread lets a thread sleep on word for as long as it is 0.
func sleepingThread(word *atomic.Uint32) *thread.Handle {
	return thread.Spawn(func() error {
		for word.Load() == 0 {
			err := netbsd.FutexWait(word, 0, nil, netbsd.FUTEX_PRIVATE_FLAG)
			if err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
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
	if _, err := netbsd.FutexWake(word, 1, netbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	return s.Join()
}

func testFutexRequeue() error {
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	s := sleepingThread(word)
	word.Store(1)
	if _, err := netbsd.FutexCmpRequeue(word, 0, math.MaxInt32, other, 1, netbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	if _, err := netbsd.FutexWake(other, math.MaxInt32, netbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	return s.Join()
}

func testLwpPark() error {
	ids := make(chan int)
	var ready atomic.Bool
	s := thread.Spawn(func() error {
		ids <- netbsd.LwpSelf()
		for !ready.Load() {
			err := netbsd.LwpPark(netbsd.CLOCK_MONOTONIC, netbsd.TIMER_RELTIME, nil, 0, 0, 0)
			if err != nil && err != syscall.EALREADY && err != syscall.EINTR {
				return err
			}
		}
		return nil
	})
	id := <-ids
	ready.Store(true)
	return errors.Join(netbsd.LwpUnpark(id, 0), s.Join())
}

func testThreadName() error {
	return thread.Spawn(func() error {
		const name = "doctor"
		if err := thread.SetName(name); err != nil {
			return err
		}
		buf := make([]byte, 16)
		if err := netbsd.LwpGetname(0, buf); err != nil {
			return err
		}
		if got, _, _ := bytes.Cut(buf, []byte{0}); string(got) != name {
			return fmt.Errorf("the name is %q", got)
		}
		return nil
	}).Join()
}
