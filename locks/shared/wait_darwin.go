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

// poll is how long a sleeper sleeps that the kernel cannot wake: a sleeper for many words, since macOS can wait for
// only one, and any sleeper before macOS 10.15.
const poll = 2 * time.Millisecond

// sleep sleeps in the kernel until the word may differ from old, or until a time. The caller checks afterwards whether
// the owner is alive.
func sleep(word *atomic.Uint32, old, owner uint32, until time.Time) error {
	switch err := futex.WaitUntil(word, old, until, futex.Shared); {
	case err == nil, errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case errors.Is(err, errors.ErrUnsupported):
		time.Sleep(min(poll, time.Until(until)))
		return nil
	case errors.Is(err, unix.EFAULT), errors.Is(err, unix.EINVAL):
		word.Load() // faults if the memory is gone; see faulted
		return nil
	default:
		return err
	}
}

// wake wakes n sleepers on the word, in all processes.
func wake(word *atomic.Uint32, n uint32) {
	if n == 1 {
		futex.Wake(word, futex.Shared)
	} else {
		futex.WakeAll(word, futex.Shared)
	}
}

// storeAndWake stores a value and wakes n sleepers. After a kill between the two, they wake after the time recheck.
func storeAndWake(word *atomic.Uint32, value, n uint32) {
	word.Store(value)
	wake(word, n)
}

// A sleeper sleeps for the words of many entries at once: it polls them.
type sleeper struct{}

const sentryMost = 1 << 10

// prepare does nothing.
func (s *sleeper) prepare(entries []*entry) {}

// ring does nothing, since the sleeper polls soon.
func (s *sleeper) ring() {}

// close does nothing.
func (s *sleeper) close() {}

// sleep sleeps for the time poll, but at most until a time.
func (s *sleeper) sleep(until time.Time) { time.Sleep(min(poll, time.Until(until))) }
