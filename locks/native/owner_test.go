// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package native_test

import (
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

const (
	twice     = "native: lock of a mutex that this thread holds"
	unlocked  = "native: unlock of unlocked mutex"
	foreign   = "native: unlock of a mutex that another thread holds"
	rwTwice   = "native: lock of an RWMutex that this thread holds for writing"
	rwUnlock  = "native: Unlock of unlocked RWMutex"
	rwRUnlock = "native: RUnlock of unlocked RWMutex"
	rwForeign = "native: Unlock of an RWMutex that another thread holds"
	notHeld   = "native: wait with a mutex that this thread does not hold"
)

// panicking returns what f panics with, or nil.
func panicking(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// apart runs f in another goroutine, and waits for it.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// onThread reports whether the calling goroutine is locked to its thread: stacks say so.
func onThread() bool {
	head, _, _ := strings.Cut(string(debug.Stack()), "\n")
	return strings.Contains(head, "locked to thread")
}

// usable checks that m can be locked by one thread at a time, and by strangers.
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

func usableRW(t *testing.T, rw *native.RWMutex) {
	t.Helper()
	rw.Lock()
	apart(func() {
		if rw.TryLock() || rw.TryRLock() {
			t.Error("another one is beside a writer")
		}
	})
	rw.Unlock()
	rw.RLock()
	apart(func() {
		if rw.TryLock() {
			t.Error("a writer is beside a reader")
		}
		rw.RLock()
		rw.RUnlock()
	})
	rw.RUnlock()
}

// TestMutexMisuse checks each panic, that it changes nothing, and that the mutex is in order
// after it. A row starts with m locked by the calling goroutine, if held is set.
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
				if got := panicking(func() { misuse.f(&m) }); got != misuse.want {
					t.Errorf("panic with %v, want %q", got, misuse.want)
				}
				if onThread() != misuse.held {
					t.Errorf("locked to the thread after it: %v, want %v", onThread(), misuse.held)
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
				if got := panicking(func() { misuse.f(&rw) }); got != misuse.want {
					t.Errorf("panic with %v, want %q", got, misuse.want)
				}
				if want := misuse.held != free; onThread() != want {
					t.Errorf("locked to the thread after it: %v, want %v", onThread(), want)
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

// TestHoldsThread checks that whoever has a lock is locked to its thread, and only then.
func TestHoldsThread(t *testing.T) {
	var m, other native.Mutex
	var rw native.RWMutex
	cond := native.NewCond(&m)
	check := func(after string, want bool) {
		t.Helper()
		if got := onThread(); got != want {
			t.Errorf("locked to the thread after %s: %v, want %v", after, got, want)
		}
	}
	check("nothing", false)
	for _, take := range []struct {
		name         string
		lock, unlock func()
	}{
		{"Lock", m.Lock, m.Unlock},
		{"TryLock", func() { m.TryLock() }, m.Unlock},
		{"TryLockFor", func() { m.TryLockFor(time.Hour) }, m.Unlock},
		{"RWMutex.Lock", rw.Lock, rw.Unlock},
		{"RWMutex.TryLock", func() { rw.TryLock() }, rw.Unlock},
		{"RWMutex.TryLockFor", func() { rw.TryLockFor(time.Hour) }, rw.Unlock},
		{"RLock", rw.RLock, rw.RUnlock},
		{"TryRLock", func() { rw.TryRLock() }, rw.RUnlock},
		{"TryRLockFor", func() { rw.TryRLockFor(time.Hour) }, rw.RUnlock},
	} {
		take.lock()
		check(take.name, true)
		other.Lock()
		other.Unlock()
		check(take.name+" and a pair inside", true)
		take.unlock()
		check(take.name+" and its end", false)
	}
	m.Lock()
	cond.WaitFor(time.Millisecond)
	check("WaitFor", true)
	m.Unlock()
	check("WaitFor and Unlock", false)

	m.Lock()
	rw.Lock()
	apart(func() {
		for _, try := range []struct {
			name string
			f    func() bool
		}{
			{"TryLock", m.TryLock},
			{"TryLockFor", func() bool { return m.TryLockFor(time.Millisecond) }},
			{"RWMutex.TryLock", rw.TryLock},
			{"RWMutex.TryLockFor", func() bool { return rw.TryLockFor(time.Millisecond) }},
			{"TryRLock", rw.TryRLock},
			{"TryRLockFor", func() bool { return rw.TryRLockFor(time.Millisecond) }},
		} {
			if try.f() {
				t.Errorf("%s took a held lock", try.name)
			}
			check(try.name+" in vain", false)
		}
	})
	// The owner itself may try, without time to wait.
	if m.TryLock() || m.TryLockFor(0) || rw.TryLock() || rw.TryRLock() || rw.TryRLockFor(-1) || rw.TryLockFor(0) {
		t.Error("the owner has taken a lock twice")
	}
	m.Unlock() // not in the reverse order, which is legal
	rw.Unlock()
	check("all", false)
}

// TestTooManyReaders sets the number of readers to just below its limit.
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
			if got := panicking(lock); got != "native: too many readers of RWMutex" {
				t.Errorf("%s beside %d readers: panic with %v", name, limit, got)
			}
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
