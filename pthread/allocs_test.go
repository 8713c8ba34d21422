// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/pthread"
)

// TestAllocations checks that calls do not allocate.
func TestAllocations(t *testing.T) {
	need(t)
	if race.Enabled {
		t.Skip("under the race detector pools forget what they hold")
	}
	m := newMutex(t, ofType(pthread.TypeErrorCheck))
	c := made(pthread.NewCond(nil))(t)
	l := made(pthread.NewRWLock(nil))(t)
	calls := map[string]func(){
		"Lock, Unlock":     func() { _, _ = m.Lock(), m.Unlock() },
		"TryLock, Unlock":  func() { _, _ = m.TryLock(), m.Unlock() },
		"Lock, EDEADLK":    func() { _, _, _ = m.Lock(), m.Lock(), m.Unlock() },
		"Unlock, EPERM":    func() { _ = m.Unlock() },
		"Signal":           func() { _ = c.Signal() },
		"Broadcast":        func() { _ = c.Broadcast() },
		"RdLock, Unlock":   func() { _, _ = l.RdLock(), l.Unlock() },
		"WrLock, Unlock":   func() { _, _ = l.WrLock(), l.Unlock() },
		"TryRdLock,Unlock": func() { _, _ = l.TryRdLock(), l.Unlock() },
		"TimedWait":        func() { _, _, _ = m.Lock(), c.TimedWait(m, pthread.Timespec{}), m.Unlock() },
		"Self":             func() { _, _ = pthread.Self() },
	}
	if k, err := pthread.NewKey(0); err != nil {
		t.Logf("NewKey: %v", err) // libraries that never reuse a key have none left after TestKeys
	} else {
		calls["Set, Get"] = func() { _ = k.Set(1); _, _ = k.Get() }
	}
	if has("clock_gettime") {
		calls["After"] = func() { _, _ = pthread.ClockMonotonic.After(time.Second) }
	}
	if has("pthread_mutex_timedlock") {
		calls["TimedLock"] = func() { _, _ = m.TimedLock(pthread.Timespec{}), m.Unlock() }
		calls["TimedRdLock"] = func() { _, _ = l.TimedRdLock(pthread.Timespec{}), l.Unlock() }
	}
	if has("pthread_mutex_clocklock") {
		calls["ClockLock"] = func() { _, _ = m.ClockLock(pthread.ClockMonotonic, pthread.Timespec{}), m.Unlock() }
		calls["ClockWait"] = func() {
			_, _, _ = m.Lock(), c.ClockWait(m, pthread.ClockMonotonic, pthread.Timespec{}), m.Unlock()
		}
	}
	if has("pthread_spin_lock") {
		s := made(pthread.NewSpin())(t)
		calls["Spin"] = func() { _, _ = s.Lock(), s.Unlock() }
		b := made(pthread.NewBarrier(nil, 1))(t)
		calls["Barrier"] = func() { _, _ = b.Wait() }
	}
	if has("sem_init") {
		s := made(pthread.NewSem(0))(t)
		calls["Post, Wait"] = func() { _, _ = s.Post(), s.Wait() }
		calls["TryWait, EAGAIN"] = func() { _ = s.TryWait() }
		calls["Value"] = func() { _, _ = s.Value() }
		calls["Sem.TimedWait"] = func() { _ = s.TimedWait(pthread.Timespec{}) }
	}
	if has("sem_clockwait") {
		s := made(pthread.NewSem(0))(t)
		calls["Sem.ClockWait"] = func() { _ = s.ClockWait(pthread.ClockMonotonic, pthread.Timespec{}) }
	}
	if has("mtx_init") {
		m, c := newMtx(t, pthread.MtxTimed), made(pthread.NewCnd())(t)
		calls["Mtx"] = func() { _, _, _ = m.Lock(), c.TimedWait(m, pthread.Timespec{}), m.Unlock() }
		calls["Cnd"] = func() { _, _ = c.Signal(), c.Broadcast() }
	}
	if has("pthread_getcpuclockid") {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		self := made(pthread.Self())(t)
		clock := made(self.CPUClock())(t)
		calls["CPUClock"] = func() { _, _ = self.CPUClock(); _, _ = clock.Now() }
	}
	for name, call := range calls {
		if n := allocs.PerRun(t, 200, call); n != 0 {
			t.Errorf("%s allocates %v times, want 0", name, n)
		}
	}
}
