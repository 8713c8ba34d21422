// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/netbsd"
)

// systemName is what systemVersion begins with.
const systemName = "NetBSD"

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

// futexWait sleeps while word is 0, or for a shorter time.
func futexWait(word *atomic.Uint32) error {
	switch err := netbsd.FutexWait(word, 0, nil, netbsd.FUTEX_PRIVATE_FLAG); err {
	case syscall.EAGAIN, syscall.EINTR:
		return nil
	default:
		return err
	}
}

func futexWake(word *atomic.Uint32, most uint32) error {
	_, err := netbsd.FutexWake(word, most, netbsd.FUTEX_PRIVATE_FLAG)
	return err
}

func testFutexRequeue() error {
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	s := sleepingThread(word)
	word.Store(1)
	if _, err := netbsd.FutexCmpRequeue(word, 0, math.MaxInt32, other, 1, netbsd.FUTEX_PRIVATE_FLAG); err != nil {
		return err
	}
	if err := futexWake(other, math.MaxInt32); err != nil {
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

// threadName returns the name of the calling thread, up to a zero.
func threadName() ([]byte, error) {
	buf := make([]byte, 16)
	return buf, netbsd.LwpGetname(0, buf)
}
