// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/spin"
	"github.com/osync-go/osync/locks/thread"
)

// pinned starts workers as pinned threads.
var pinned = locktest.Pinned(thread.Spawn)

func TestMain(m *testing.M) { locktest.Main(m) }

// TestWaitersYield waits, with one processor, for goroutines that run only if the waiter yields to
// them. The scheduler stops a waiter that spins on after ten milliseconds, each time.
func TestWaitersYield(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for name, l := range map[string]sync.Locker{
		"Lock": new(spin.Lock), "TicketLock": new(spin.TicketLock), "MCSLock": new(spin.MCSLock),
	} {
		const rounds = 500
		begin := time.Now()
		for range rounds {
			l.Lock()
			go l.Unlock()
			l.Lock()
			l.Unlock()
		}
		if took := time.Since(begin); took > rounds*10*time.Millisecond/2 {
			t.Errorf("%s: %d waits took %v", name, rounds, took)
		}
	}
}

func TestSizes(t *testing.T) {
	word := unsafe.Sizeof(uintptr(0))
	for name, size := range map[string]struct{ got, want uintptr }{
		"Lock":       {unsafe.Sizeof(spin.Lock{}), 4},
		"TicketLock": {unsafe.Sizeof(spin.TicketLock{}), 8},
		"MCSLock":    {unsafe.Sizeof(spin.MCSLock{}), 2 * word},
	} {
		if size.got != size.want {
			t.Errorf("%s is %d bytes long, want %d", name, size.got, size.want)
		}
	}
}
