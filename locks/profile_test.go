// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestBlockProfile shows that a wait for a lock appears in the block profile, also in the way in
// which it sleeps while there is a mutex profile.
func TestBlockProfile(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(-1))
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	waits := func() (n int64) {
		for stack, count := range locktest.Contention(t, runtime.BlockProfile) {
			if strings.Contains(stack, "locks.(*Mutex).Lock\n") {
				n += count
			}
		}
		return n
	}
	for _, fraction := range []int{0, 1} {
		runtime.SetMutexProfileFraction(fraction)
		before := waits()
		var m locks.Mutex
		m.Lock()
		done := make(chan struct{})
		go func() {
			m.Lock()
			m.Unlock()
			close(done)
		}()
		locktest.Eventually(t, "a waiter", func() bool { return m.Waiting() == 1 })
		time.Sleep(time.Millisecond) // so that there is a wait to be shown
		m.Unlock()
		<-done
		if waits() == before {
			t.Errorf("the block profile does not name Mutex.Lock, with 1 in %d of the mutex profile", fraction)
		}
	}
}

// TestMutexProfileBlamesNobody looks for waits in the mutex profile.
func TestMutexProfileBlamesNobody(t *testing.T) { locktest.MutexProfile(t, pinned, limitable) }
