// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/futex"
	"github.com/osync-go/osync/sys/linux"
)

// sleep sleeps in the kernel until the word may differ from old, or until a time. The death of an owner changes the word.
func sleep(word *atomic.Uint32, old, owner uint32, until time.Time) error {
	switch err := futex.WaitUntil(word, old, until, futex.Shared); {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case errors.Is(err, unix.EFAULT):
		word.Load() // faults if the memory is gone; see faulted
		return nil
	default:
		return err
	}
}

// wake wakes n sleepers on the word, in all processes.
func wake(word *atomic.Uint32, n uint32) { linux.FutexWake(word, n, 0) }

// storeAndWake stores a value of at most 12 bits and wakes n sleepers, in one step with respect to kills.
func storeAndWake(word *atomic.Uint32, value, n uint32) {
	op := linux.FutexOp(linux.FUTEX_OP_SET, int32(value), linux.FUTEX_OP_CMP_EQ, 0)
	if _, err := linux.FutexWakeOp(word, n, 0, word, op, 0); err != nil {
		word.Store(value)
		if err != unix.EFAULT {
			wake(word, n)
		}
	}
}

// A sleeper sleeps for the words of many entries at once.
type sleeper struct {
	bell  atomic.Uint32 // changes when there are more entries
	words []linux.FutexWaiter
}

const sentryMost = linux.FUTEX_WAITV_MAX - 1

// prepare records the words to sleep for. Once it has returned, ring ends the sleep.
func (s *sleeper) prepare(entries []*entry) {
	s.words = append(s.words[:0], linux.FutexWaiter{Val: uint64(s.bell.Load()), Addr: &s.bell, Flags: linux.FUTEX2_SIZE_U32 | linux.FUTEX2_PRIVATE})
	for _, e := range entries {
		s.words = append(s.words, linux.FutexWaiter{Val: uint64(e.old), Addr: e.word, Flags: linux.FUTEX2_SIZE_U32})
	}
}

// ring wakes the sleeper.
func (s *sleeper) ring() {
	s.bell.Add(1)
	futex.Wake(&s.bell, futex.Private)
}

// close releases the resources of the sleeper.
func (s *sleeper) close() {}

// poll is how long a sleeper sleeps if the kernel cannot wait for many words, as before Linux 5.16.
const poll = 2 * time.Millisecond

// sleep sleeps until one of the words is woken or differs, or until a time.
func (s *sleeper) sleep(until time.Time) {
	deadline := after(unix.CLOCK_MONOTONIC, max(0, time.Until(until)))
	switch _, err := linux.FutexWaitv(s.words, &deadline, unix.CLOCK_MONOTONIC, 0); err {
	case unix.ENOSYS, unix.EPERM:
		time.Sleep(min(poll, time.Until(until)))
	}
}

// after returns the time of a clock that is d from now.
func after(clock int32, d time.Duration) linux.Timespec {
	var t linux.Timespec
	linux.ClockGettime(clock, &t)
	ns := t.Nsec + int64(d)
	return linux.Timespec{Sec: t.Sec + ns/1e9, Nsec: ns % 1e9}
}
