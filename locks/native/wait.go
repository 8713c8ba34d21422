// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/sys/futex"
)

// sleep blocks the calling thread while *word is value, until a wake, which may be spurious. It
// reports false if limit has passed; the zero limit is never reached.
func sleep(word *atomic.Uint32, value uint32, limit time.Time) bool {
	err := futex.WaitUntil(word, value, limit, futex.Private)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		panic(fmt.Errorf("native: futex wait: %w", err)) // only on a kernel on which Go itself could not run
	}
	return err == nil
}

// wake wakes one thread that sleeps on word. The memory of word may already be in other use: a
// private wake does not touch it, and it cannot fail.
func wake(word *atomic.Uint32) { _ = futex.Wake(word, futex.Private) }

// wakeAll wakes all threads that sleep on word.
func wakeAll(word *atomic.Uint32) { _ = futex.WakeAll(word, futex.Private) }
