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

// A rawPIMutex is what a Mutex is made of. On macOS, who waits for that without a limit lends its
// priority to the owner. On Windows nothing does.
type rawPIMutex struct {
	raw rawMutex
	by  owner
}

// errUntimed is for macOS, where a wait with a limit lends no priority.
var errUntimed = fmt.Errorf("native: no wait with priority inheritance has a limit on %s: %w", runtime.GOOS, errors.ErrUnsupported)

func supportedPI() error { return Supported() }

func (m *rawPIMutex) owner() uint32 { return m.by.id.Load() }

// tryLock locks m for thread if it is free.
func (m *rawPIMutex) tryLock(thread uint32) (bool, error) {
	return m.enter(thread, m.raw.tryLock()), nil
}

// lock locks m for thread, or returns false after limit. The zero limit never comes.
func (m *rawPIMutex) lock(thread uint32, limit time.Time) (bool, error) {
	switch {
	case runtime.GOOS == "darwin" && !limit.IsZero():
		return false, errUntimed
	case m.by.is(thread):
		return false, ErrDeadlock
	default:
		return m.enter(thread, m.raw.tryLock() || m.raw.lock(limit)), nil
	}
}

// enter makes thread the owner, if it has locked m, and returns whether it has.
func (m *rawPIMutex) enter(thread uint32, locked bool) bool {
	if locked {
		m.by.set(thread)
	}
	return locked
}

// unlock unlocks m, which the calling thread must own.
func (m *rawPIMutex) unlock(uint32) {
	m.by.clear()
	m.raw.unlock()
}
