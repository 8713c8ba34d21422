// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package native_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

// TestUnsupported checks that the first use of each method panics with what is missing.
func TestUnsupported(t *testing.T) {
	want := native.Supported()
	if !errors.Is(want, errors.ErrUnsupported) || !strings.HasPrefix(want.Error(), "native: ") {
		t.Fatalf("Supported() = %v, want an ErrUnsupported of this package", want)
	}
	var m native.Mutex
	var rw native.RWMutex
	c := native.NewCond(&m)
	for name, use := range map[string]func(){
		"Mutex.Lock":          m.Lock,
		"Mutex.TryLock":       func() { m.TryLock() },
		"Mutex.TryLockFor":    func() { m.TryLockFor(time.Hour) },
		"Mutex.Unlock":        m.Unlock,
		"RWMutex.Lock":        rw.Lock,
		"RWMutex.TryLock":     func() { rw.TryLock() },
		"RWMutex.TryLockFor":  func() { rw.TryLockFor(time.Hour) },
		"RWMutex.Unlock":      rw.Unlock,
		"RWMutex.RLock":       rw.RLock,
		"RWMutex.TryRLock":    func() { rw.TryRLock() },
		"RWMutex.TryRLockFor": func() { rw.TryRLockFor(time.Hour) },
		"RWMutex.RUnlock":     rw.RUnlock,
		"Cond.Wait":           c.Wait,
		"Cond.WaitFor":        func() { c.WaitFor(time.Hour) },
		"Cond.Signal":         c.Signal,
		"Cond.Broadcast":      c.Broadcast,
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("%s panicked with %v, want %v", name, got, want)
				}
				if onThread() {
					t.Errorf("%s left the goroutine locked to its thread", name)
				}
			}()
			use()
		}()
	}
}

// TestPIMutexUnsupported checks that each attempt to lock returns what is missing.
func TestPIMutexUnsupported(t *testing.T) {
	var m native.PIMutex
	_, try := m.TryLock()
	_, timed := m.TryLockFor(time.Hour)
	for name, err := range map[string]error{"Lock": m.Lock(), "TryLock": try, "TryLockFor": timed} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s = %v, want an ErrUnsupported", name, err)
		}
	}
}
