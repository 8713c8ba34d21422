// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

func TestRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(native.RWMutex) }, options...)
}

// TestRWMutexMisuse checks each panic, and that the lock works after it.
func TestRWMutexMisuse(t *testing.T) {
	const free, reading, writing = 0, 1, 2
	for _, misuse := range []struct {
		name string
		held int
		want string
		f    func(rw *native.RWMutex)
	}{
		{"Unlock", free, rwUnlock, func(rw *native.RWMutex) { rw.Unlock() }},
		{"Unlock of a reader", reading, rwUnlock, func(rw *native.RWMutex) { rw.Unlock() }},
		{"Unlock by another", writing, rwForeign, func(rw *native.RWMutex) {
			var p any
			apart(func() { p = panicking(rw.Unlock) })
			panic(p)
		}},
		{"RUnlock", free, rwRUnlock, func(rw *native.RWMutex) { rw.RUnlock() }},
		{"RUnlock of a writer", writing, rwRUnlock, func(rw *native.RWMutex) { rw.RUnlock() }},
		{"Lock twice", writing, rwTwice, func(rw *native.RWMutex) { rw.Lock() }},
		{"TryLockFor twice", writing, rwTwice, func(rw *native.RWMutex) { rw.TryLockFor(time.Hour) }},
		{"RLock of a writer", writing, rwTwice, func(rw *native.RWMutex) { rw.RLock() }},
		{"TryRLockFor of a writer", writing, rwTwice, func(rw *native.RWMutex) { rw.TryRLockFor(time.Hour) }},
	} {
		t.Run(strings.ReplaceAll(misuse.name, " ", "_"), func(t *testing.T) {
			var rw native.RWMutex
			switch misuse.held {
			case reading:
				rw.RLock()
			case writing:
				rw.Lock()
			}
			for range 2 {
				locktest.Panics(t, misuse.name, misuse.want, func() { misuse.f(&rw) })
				if want := misuse.held != free; onThread() != want {
					t.Errorf("locked to the thread after the panic: %v, want %v", onThread(), want)
				}
			}
			switch misuse.held {
			case reading:
				rw.RUnlock()
			case writing:
				rw.Unlock()
			}
			usableRW(t, &rw)
			if onThread() {
				t.Error("still locked to the thread after the last Unlock")
			}
		})
	}
}

// usableRW checks that rw excludes as it should.
func usableRW(t *testing.T, rw *native.RWMutex) {
	t.Helper()
	rw.Lock()
	apart(func() {
		if rw.TryLock() || rw.TryRLock() {
			t.Error("a thread got the lock beside a writer")
		}
	})
	rw.Unlock()
	rw.RLock()
	apart(func() {
		if rw.TryLock() {
			t.Error("a writer got the lock beside a reader")
		}
		rw.RLock()
		rw.RUnlock()
	})
	rw.RUnlock()
}

// TestTooManyReaders shows that a reader above the limit panics, and changes nothing.
func TestTooManyReaders(t *testing.T) {
	const limit = 1<<27 - 1
	var rw native.RWMutex
	for name, lock := range map[string]func(){
		"RLock":       rw.RLock,
		"TryRLock":    func() { rw.TryRLock() },
		"TryRLockFor": func() { rw.TryRLockFor(time.Second) },
	} {
		rw.SetReaders(limit - 1)
		lock()
		for range 2 {
			locktest.Panics(t, name, "native: too many readers of RWMutex", lock)
		}
		rw.RUnlock()
		if onThread() {
			t.Errorf("%s that panics leaves the goroutine locked to its thread", name)
		}
	}
	rw.SetReaders(0)
	rw.Lock()
	rw.Unlock()
}
