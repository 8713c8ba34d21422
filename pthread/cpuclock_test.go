// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// TestCPUClock lets a thread run while another reads its clock, and then sleep. ESRCH is not provoked: the library reads
// memory that a thread that has ended may have freed.
func TestCPUClock(t *testing.T) {
	need(t, "pthread_getcpuclockid", "clock_gettime")
	var ended pthread.CPUClock
	onThread(func(self pthread.Thread) {
		clock := made(self.CPUClock())(t)
		ended = clock
		read := func() pthread.Timespec { return made(clock.Now())(t) }
		first := read()
		if first.Sec < 0 || first.Nsec < 0 || first.Nsec > 999_999_999 {
			t.Errorf("the thread has run for %v", first)
		}
		locktest.Eventually(t, "it goes while the thread runs", func() bool { return less(first, read()) })
		// While this thread sleeps, its clock stops both for itself and for another thread.
		ask, told := make(chan bool), make(chan pthread.Timespec)
		go func() {
			for range ask {
				told <- read()
			}
		}()
		ask <- true
		before := <-told
		time.Sleep(20 * time.Millisecond)
		ask <- true
		after := <-told
		close(ask)
		if limit := before.Add(10 * time.Millisecond); less(after, before) || less(limit, after) {
			t.Errorf("it went from %v to %v while the thread slept", before, after)
		}
		if again := made(self.CPUClock())(t); again.ID() != clock.ID() {
			t.Errorf("two clocks of one thread: %d and %d", clock.ID(), again.ID())
		}
	}, t)
	locktest.Eventually(t, "the clock of a thread that has ended", func() bool {
		_, err := ended.Now()
		return err == pthread.EINVAL
	})
	_, err := pthread.CPUClock{}.Now()
	wants(t, "a clock that was not made", err, pthread.ErrNotMade)
	_, err = pthread.Thread{}.CPUClock()
	wants(t, "the clock of no thread", err, pthread.ErrNotMade)
}
