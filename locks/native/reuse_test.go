// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package native_test

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/native"
)

// heirOf runs dies in a goroutine that ends locked to its thread, and then heir in one that has got
// what the runtime gives away again, or the system: the record of the goroutine, or the
// id of the thread. It reports whether there was such a goroutine within some attempts.
func heirOf(dies func(), heir func(), same func() uint64, attempts int) bool {
	inherited := make(chan uint64)
	go func() {
		runtime.LockOSThread()
		dies()
		inherited <- same()
	}()
	what := <-inherited
	for range attempts {
		found := make(chan bool)
		go func() {
			runtime.LockOSThread() // and the thread ends with the goroutine
			it := same() == what
			if it {
				heir()
			}
			found <- it
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

// TestDeadOwnersHeir lets an owner end, and its record or the id of its thread come back: that one
// has no right to the lock.
func TestDeadOwnersHeir(t *testing.T) {
	attempts := 1000 // the runtime gives the record away soon
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
			t.Logf("not checked: %v", err)
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
			t.Error("the heir takes what the dead one holds")
		}
	}
	if !heirOf(dies, heir, same, attempts) {
		t.Skipf("nobody has become the heir in %d attempts", attempts)
	}
}
