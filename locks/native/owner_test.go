// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/locks/internal/pin"
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

// TestHolderIsLockedToItsThread checks that a goroutine is locked to its thread while it holds a lock,
// and only then.
func TestHolderIsLockedToItsThread(t *testing.T) {
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
	// The owner may try without waiting.
	if m.TryLock() || m.TryLockFor(0) || rw.TryLock() || rw.TryRLock() || rw.TryRLockFor(-1) || rw.TryLockFor(0) {
		t.Error("the owner has taken a lock twice")
	}
	m.Unlock() // in the same order as they were locked, which is legal
	rw.Unlock()
	check("all", false)
}

// heirOf runs dies in a goroutine that ends locked to its thread, and then heir in one that has
// inherited what same identifies: the record of the goroutine, which the runtime reuses, or the id of
// the thread, which the system does. It reports whether one of some attempts met such a goroutine.
func heirOf(dies func(), heir func(), same func() uint64, attempts int) bool {
	inherited := make(chan uint64)
	go func() {
		runtime.LockOSThread()
		dies()
		inherited <- same()
	}()
	legacy := <-inherited
	for range attempts {
		found := make(chan bool)
		go func() {
			runtime.LockOSThread() // so that the thread ends with the goroutine
			isHeir := same() == legacy
			if isHeir {
				heir()
			}
			found <- isHeir
		}()
		if <-found {
			return true
		}
	}
	return false
}

// record identifies the calling goroutine, until it has ended.
func record() uint64 {
	record, _ := goid.Self()
	return uint64(record)
}

// TestDeadOwnersHeir lets an owner end, and another goroutine inherit its record or the id of its
// thread. The heir does not own the lock.
func TestDeadOwnersHeir(t *testing.T) {
	attempts := 1000 // the runtime reuses the record soon
	t.Run("record", func(t *testing.T) { testDeadOwnersHeir(t, record, attempts) })
	t.Run("id", func(t *testing.T) {
		if runtime.GOOS == "darwin" {
			t.Skip("macOS does not use the ids of threads again")
		}
		testDeadOwnersHeir(t, pin.ThreadID, comeRound(t))
	})
}

func testDeadOwnersHeir(t *testing.T, same func() uint64, attempts int) {
	var m native.Mutex
	var rw native.RWMutex
	var pi native.PIMutex
	cond := native.NewCond(&m)
	dies := func() {
		m.Lock()
		rw.Lock()
		if err := pi.Lock(); err != nil {
			t.Logf("PIMutex is not checked: %v", err)
		}
	}
	heir := func() {
		for name, misuse := range map[string]struct {
			f    func()
			want string
		}{
			"Unlock":         {m.Unlock, foreign},
			"Wait":           {cond.Wait, notHeld},
			"RWMutex.Unlock": {rw.Unlock, rwForeign},
			"PIMutex.Unlock": {pi.Unlock, foreign},
		} {
			if got := panicking(misuse.f); got != misuse.want && !(got == unlocked && name == "PIMutex.Unlock") {
				t.Errorf("%s by the heir: panic with %v, want %q", name, got, misuse.want)
			}
		}
		if m.TryLock() || m.TryLockFor(1) || rw.TryLock() || rw.TryRLock() || rw.TryRLockFor(1) || rw.TryLockFor(1) {
			t.Error("the heir takes what the dead owner holds")
		}
	}
	if !heirOf(dies, heir, same, attempts) {
		t.Skipf("no goroutine has become the heir in %d attempts", attempts)
	}
}
