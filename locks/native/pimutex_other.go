// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package native

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// A rawPIMutex is the rawMutex of a Mutex. On macOS a thread that waits for it without a limit
// lends its priority to the owner. On other systems no thread does.
type rawPIMutex struct {
	raw   rawMutex
	owner owner
}

// errUntimed is returned on macOS, where a wait with a limit lends no priority.
var errUntimed = fmt.Errorf("native: no wait with priority inheritance has a limit on %s: %w", runtime.GOOS, errors.ErrUnsupported)

func supportedPI() error { return Supported() }

// tryLock locks m for the goroutine me if it is free.
func (m *rawPIMutex) tryLock(me uint64) (bool, error) {
	return m.enter(me, m.raw.tryLock()), nil
}

// lock locks m for the goroutine me, or returns false after limit. The zero limit is never reached.
func (m *rawPIMutex) lock(me uint64, limit time.Time) (bool, error) {
	switch {
	case runtime.GOOS == "darwin" && !limit.IsZero():
		return false, errUntimed
	case m.owner.is(me):
		return false, ErrDeadlock
	default:
		return m.enter(me, m.raw.tryLock() || m.raw.lock(limit)), nil
	}
}

// enter makes the goroutine me the owner if it has locked m, and returns locked.
func (m *rawPIMutex) enter(me uint64, locked bool) bool {
	if locked {
		m.owner.set(me)
	}
	return locked
}

// unlock unlocks m, which the calling goroutine must own.
func (m *rawPIMutex) unlock() {
	m.owner.clear()
	m.raw.unlock()
}
