// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows || freebsd || openbsd || netbsd || dragonfly

package futex_test

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/futex"
)

// TestWays runs the tests of the package over each way to sleep that works here.
func TestWays(t *testing.T) {
	for _, name := range futex.Ways() {
		t.Run(name, func(t *testing.T) {
			if !futex.Works(name) {
				t.Skip("this system lacks it")
			}
			defer futex.Force(name)()
			if got := futex.Backend(); got != name {
				t.Errorf("Backend() = %s", got)
			}
			reaches := slices.Contains([]string{"os_sync", "ulock", "umtx", "umtx_sleep", "futex"}, name)
			for scope, want := range map[futex.Scope]bool{futex.Private: true, futex.Shared: reaches} {
				if got := futex.Supported(scope); got != want {
					t.Errorf("Supported(%d) = %v", scope, got)
				}
			}
			t.Run("Unsupported", TestUnsupported)
			t.Run("WaitReturnsWhenTheWordDiffers", TestWaitReturnsWhenTheWordDiffers)
			t.Run("Wake", TestWakeEndsAWait)
			t.Run("Deadline", TestDeadlineEndsAWait)
			t.Run("DeadlineInBubble", TestDeadlineInBubble)
			t.Run("HandOver", TestHandOverLosesNoWake)
			t.Run("StopTheWorld", TestStopTheWorld)
			t.Run("Allocations", TestNothingIsAllocated)
		})
	}
}

// TestNoWayIsUnsupported checks a system where no way works.
func TestNoWayIsUnsupported(t *testing.T) {
	defer futex.Force("none")()
	if got := futex.Backend(); got != "none" {
		t.Errorf("Backend() = %s", got)
	}
	if futex.Supported(futex.Private) || futex.Supported(futex.Shared) {
		t.Error("Supported = true where no way works")
	}
	t.Run("Unsupported", TestUnsupported)
}

// TestChoose checks that the first way that works is chosen, or the forced one.
func TestChoose(t *testing.T) {
	ways := futex.Ways()
	last := ways[len(ways)-1]
	never := func(string) bool { return false }
	always := func(string) bool { return true }
	onlyLast := func(name string) bool { return name == last }
	butFirst := func(name string) bool { return name != ways[0] }
	for _, c := range []struct {
		only  string
		works func(string) bool
		want  string
	}{
		{"", always, ways[0]},
		{"", onlyLast, last},
		{"", never, "none"},
		{last, always, last},
		{ways[0], always, ways[0]},
		{ways[0], butFirst, "futex: this system has no way to wait named " + ways[0]},
		{"smoke", always, "futex: this system has no way to wait named smoke"},
	} {
		got := func() (way string) {
			defer func() {
				if p := recover(); p != nil {
					way = fmt.Sprint(p)
				}
			}()
			return futex.Choose(c.only, c.works)
		}()
		if got != c.want {
			t.Errorf("with %q forced: %s, want %s", c.only, got, c.want)
		}
	}
}

// TestSelfTestOfCalls checks which calls pass the self-test.
func TestSelfTestOfCalls(t *testing.T) {
	timedOut, interrupted := os.ErrDeadlineExceeded, syscall.EINTR
	for _, c := range []struct {
		name    string
		differs error          // from the sleep on a word that differs
		wakes   map[bool]error // from the wakes of one and of all
		ends    []error        // from the sleeps until now; the last one repeats
		clock   futex.Ticks
		want    bool
	}{
		{"all work", nil, nil, []error{timedOut}, 1, true},
		{"signals and spurious wake-ups", nil, nil, []error{nil, interrupted, nil, timedOut}, 1, true},
		{"no clock", nil, nil, []error{timedOut}, futex.NoLimit, false},
		{"no sleep", syscall.ENOSYS, nil, []error{timedOut}, 1, false},
		{"no wake of one", nil, map[bool]error{false: syscall.ENOSYS}, []error{timedOut}, 1, false},
		{"no wake of all", nil, map[bool]error{true: syscall.ENOSYS}, []error{timedOut}, 1, false},
		{"no sleep with a limit", nil, nil, []error{syscall.EINVAL, timedOut}, 1, false},
		{"no sleep ends by its limit", nil, nil, []error{nil}, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sleeps := 0
			private := func(scope futex.Scope) {
				if scope != futex.Private {
					t.Error("the self-test uses a shared word")
				}
			}
			got := futex.SelfTest(func(addr *atomic.Uint32, old uint32, limit futex.Ticks, scope futex.Scope) error {
				private(scope)
				if addr.Load() != old {
					return c.differs
				}
				if limit == futex.NoLimit {
					t.Error("the self-test sleeps for ever")
				}
				sleeps++
				return c.ends[min(sleeps, len(c.ends))-1]
			}, func(_ *atomic.Uint32, all bool, scope futex.Scope) error {
				private(scope)
				return c.wakes[all]
			}, func() futex.Ticks { return c.clock })
			if got != c.want {
				t.Errorf("the self-test reports %v", got)
			}
		})
	}
}
