// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/linux"
)

// TestSleepSlack has the timer slack of a thread taken away while it sleeps, and given back.
func TestSleepSlack(t *testing.T) {
	for name, pin := range map[string]func(){"pinned": thread.Pin, "locked": func() {}} {
		t.Run(name, func(t *testing.T) {
			const slack = 123_456
			slackOf := func(tid uint64) string {
				text, err := os.ReadFile(fmt.Sprintf("/proc/%d/timerslack_ns", tid))
				if err != nil {
					t.Skipf("the kernel does not tell the slack of others: %v", err)
				}
				return strings.TrimSpace(string(text))
			}
			ids, stop, left := make(chan uint64, 1), make(chan struct{}), make(chan uintptr, 1)
			go func() {
				runtime.LockOSThread() // and the thread ends
				_ = linux.PrctlSetTimerslack(slack)
				pin()
				ids <- thread.ID()
				for {
					thread.Sleep(20 * time.Millisecond)
					select {
					case <-stop:
						ns, _ := linux.PrctlGetTimerslack()
						left <- ns
						return
					default:
					}
				}
			}()
			id := <-ids
			locktest.Eventually(t, "a slack of 1 ns", func() bool { return slackOf(id) == "1" })
			close(stop)
			if ns := <-left; ns != slack {
				t.Errorf("afterwards the slack is %d, want %d", ns, slack)
			}
		})
	}
}

// TestSleepAllocates has a pinned thread sleep, and tick, without an allocation.
func TestSleepAllocates(t *testing.T) {
	pinned(t, func() {
		ticker := thread.NewTicker(10 * time.Microsecond)
		if n := allocs.PerRun(t, 20, func() { thread.Sleep(10 * time.Microsecond); ticker.Next() }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
