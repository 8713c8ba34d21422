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
)

// poll is how long those sleep that the kernel cannot wake: a sleeper for many words, as macOS waits for one, and all before
// macOS 10.15.
const poll = 2 * time.Millisecond

// sleep sleeps in the kernel until the word may differ from old, or until a time. Whether the owner lives is looked up
// afterwards.
func sleep(word *atomic.Uint32, old, owner uint32, until time.Time) error {
	switch err := futex.WaitUntil(word, old, until, futex.Shared); {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case errors.Is(err, errors.ErrUnsupported):
		time.Sleep(min(poll, time.Until(until)))
		return nil
	case errors.Is(err, unix.EFAULT), errors.Is(err, unix.EINVAL):
		word.Load() // which faults, too, if the memory is gone: see faulted
		return nil
	default:
		return err
	}
}

// wake wakes n of those that sleep on the word, in all processes.
func wake(word *atomic.Uint32, n uint32) {
	if n == 1 {
		futex.Wake(word, futex.Shared)
	} else {
		futex.WakeAll(word, futex.Shared)
	}
}

// storeAndWake stores a value and wakes n of those that sleep. After a kill between the two they wake after the time recheck.
func storeAndWake(word *atomic.Uint32, value, n uint32) {
	word.Store(value)
	wake(word, n)
}

// A sleeper sleeps for the words of many entries at once: it looks at them again and again.
type sleeper struct{}

const sentryMost = 1 << 10

// prepare has nothing to note.
func (s *sleeper) prepare(entries []*entry) {}

// ring has nobody to wake: the sleeper looks soon.
func (s *sleeper) ring() {}

// close has nothing to give back.
func (s *sleeper) close() {}

// sleep sleeps for the time poll, and at most until a time.
func (s *sleeper) sleep(until time.Time) { time.Sleep(min(poll, time.Until(until))) }
