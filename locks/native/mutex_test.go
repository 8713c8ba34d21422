// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

func TestMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(native.Mutex) }, options...)
}

// TestMutexMisuse checks each panic, and that the mutex works after it. A row with held starts with m
// locked by the calling goroutine.
func TestMutexMisuse(t *testing.T) {
	for _, misuse := range []struct {
		name string
		held bool
		want string
		f    func(m *native.Mutex)
	}{
		{"Unlock", false, unlocked, func(m *native.Mutex) { m.Unlock() }},
		{"Unlock by another", true, foreign, func(m *native.Mutex) {
			var p any
			apart(func() { p = panicking(m.Unlock) })
			panic(p)
		}},
		{"Lock twice", true, twice, func(m *native.Mutex) { m.Lock() }},
		{"TryLockFor twice", true, twice, func(m *native.Mutex) { m.TryLockFor(time.Hour) }},
		{"Wait without the lock", false, notHeld, func(m *native.Mutex) { native.NewCond(m).Wait() }},
		{"Wait with another's lock", true, notHeld, func(m *native.Mutex) {
			var p any
			apart(func() { p = panicking(func() { native.NewCond(m).WaitFor(time.Hour) }) })
			panic(p)
		}},
	} {
		t.Run(strings.ReplaceAll(misuse.name, " ", "_"), func(t *testing.T) {
			var m native.Mutex
			if misuse.held {
				m.Lock()
			}
			for range 2 {
				locktest.Panics(t, misuse.name, misuse.want, func() { misuse.f(&m) })
				if onThread() != misuse.held {
					t.Errorf("locked to the thread after the panic: %v, want %v", onThread(), misuse.held)
				}
			}
			if misuse.held {
				m.Unlock()
			}
			usable(t, &m)
			if onThread() {
				t.Error("still locked to the thread after the last Unlock")
			}
		})
	}
}

// usable checks that m can be locked by one thread at a time, and by any.
func usable(t *testing.T, m *native.Mutex) {
	t.Helper()
	m.Lock()
	apart(func() {
		if m.TryLock() {
			t.Error("two threads hold a mutex")
		}
	})
	m.Unlock()
	apart(func() {
		m.Lock()
		m.Unlock()
	})
}
