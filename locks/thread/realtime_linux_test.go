// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/thread/internal/osthread"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// class returns how the kernel schedules the calling thread.
func class(t *testing.T) string {
	t.Helper()
	var attr linux.SchedAttr
	if err := linux.SchedGetattr(0, &attr, uint32(unsafe.Sizeof(attr)), 0); err != nil {
		t.Error(err)
	}
	return fmt.Sprintf("policy %d, priority %d, nice %d", attr.Policy, attr.Priority, attr.Nice)
}

// systemClass has run call a function that returns the class of its thread.
func systemClass(t *testing.T, run func(func() error) error) (name string) {
	t.Helper()
	if err := run(func() error { name = class(t); return nil }); err != nil {
		t.Error(err)
	}
	return name
}

// TestRealtimeClass follows a thread into the class, to another period, and out of it in both ways.
func TestRealtimeClass(t *testing.T) {
	fifo := func(period time.Duration) string {
		return fmt.Sprintf("policy %d, priority %d, nice 0", unix.SCHED_FIFO, osthread.FIFOPriority(period))
	}
	pinned(t, func() {
		ordinary := class(t)
		if !realtime(t, 10*time.Millisecond, time.Millisecond) {
			return
		}
		if got, want := class(t), fifo(10*time.Millisecond); got != want {
			t.Errorf("with a period of 10 ms: %s, want %s", got, want)
		}
		if !realtime(t, time.Millisecond, time.Millisecond) || class(t) != fifo(time.Millisecond) {
			t.Errorf("with a period of 1 ms: %s, want %s", class(t), fifo(time.Millisecond))
		}
		if out, err := exec.Command("cat", "/proc/self/stat").Output(); err != nil {
			t.Logf("no child: %v", err)
		} else if f := strings.Fields(string(out[strings.LastIndexByte(string(out), ')')+2:])); f[38] != fmt.Sprint(unix.SCHED_NORMAL) {
			t.Errorf("a child has policy %s, want %d", f[38], unix.SCHED_NORMAL)
		}
		if err := thread.SetPriority(thread.Low); err != nil || class(t) != "policy 0, priority 0, nice 10" {
			t.Errorf("SetPriority(Low) = %v and makes it %s", err, class(t))
		}
		if !realtime(t, time.Millisecond, time.Millisecond) || class(t) == ordinary {
			t.Errorf("again: %s", class(t))
		}
		thread.Pin()
		thread.Unpin()
		if !strings.HasPrefix(class(t), "policy 1,") {
			t.Errorf("after an inner Unpin: %s, want as before", class(t))
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		thread.Pin()
		ordinary := class(t)
		ok := realtime(t, time.Millisecond, time.Millisecond)
		thread.Unpin()
		if got := class(t); ok && got != ordinary {
			t.Errorf("after Unpin: %s, want %s", got, ordinary)
		}
	}()
	<-done
}

// TestRealtimeThreadEnds has the thread end with its function.
func TestRealtimeThreadEnds(t *testing.T) {
	done := false
	h := thread.Spawn(func() error { done = realtime(t, time.Millisecond, time.Millisecond); return nil })
	if h.Join(); done {
		awaitEnd(t, h.Thread().ID())
	}
}

// TestRealtimeRefused takes the right away from a thread that ends.
func TestRealtimeRefused(t *testing.T) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_RTPRIO, &limit); err != nil || limit.Cur != 0 {
		t.Skipf("the limit is %d, %v", limit.Cur, err)
	}
	pinned(t, func() {
		thread.Discard()
		dropCapabilities(t)
		ordinary := class(t)
		err := thread.SetRealtime(time.Millisecond, time.Millisecond)
		if !errors.Is(err, syscall.EPERM) || !errors.Is(err, os.ErrPermission) {
			t.Errorf("without the right: %v, want %v", err, syscall.EPERM)
		}
		for _, hint := range []string{"thread: SetRealtime: SCHED_FIFO with priority 30", "CAP_SYS_NICE", "RLIMIT_RTPRIO, which is 0", "ulimit -r 30"} {
			if err != nil && !strings.Contains(err.Error(), hint) {
				t.Errorf("%q lacks %q", err, hint)
			}
		}
		if got := class(t); got != ordinary {
			t.Errorf("the refused thread is %s, want %s", got, ordinary)
		}
	})
}

// TestPriorityRefused checks that the refusal says what is required.
func TestPriorityRefused(t *testing.T) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NICE, &limit); err != nil || limit.Cur >= 40 {
		t.Skipf("the limit is %d, %v", limit.Cur, err)
	}
	pinned(t, func() {
		thread.Discard()
		dropCapabilities(t)
		err := thread.SetPriority(thread.Highest)
		if !errors.Is(err, syscall.EACCES) || !errors.Is(err, os.ErrPermission) {
			t.Errorf("without the right: %v, want %v", err, syscall.EACCES)
		}
		for _, hint := range []string{"thread: SetPriority: nice value -20", "CAP_SYS_NICE", "RLIMIT_NICE of 40", "ulimit -e 40"} {
			if err != nil && !strings.Contains(err.Error(), hint) {
				t.Errorf("%q lacks %q", err, hint)
			}
		}
	})
}

// TestRealtimeLeaves gives up the right while it is in the class: the way back takes none, to the lowest priority, which takes none
// wherever the test began.
func TestRealtimeLeaves(t *testing.T) {
	pinned(t, func() {
		thread.Discard()
		if !realtime(t, time.Millisecond, time.Millisecond) {
			return
		}
		dropCapabilities(t)
		if err := thread.SetPriority(thread.Lowest); err != nil || class(t) != "policy 0, priority 0, nice 19" {
			t.Errorf("SetPriority(Lowest) = %v and makes it %s", err, class(t))
		}
	})
}

// TestRealtimeLimited has a right to the lowest priorities only, by RLIMIT_RTPRIO: the thread gets the highest of these.
func TestRealtimeLimited(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_RTPRIO, &before); err != nil {
		t.Skip(err)
	}
	const most = 7
	if err := unix.Setrlimit(unix.RLIMIT_RTPRIO, &unix.Rlimit{Cur: most, Max: max(before.Max, most)}); err != nil {
		t.Skipf("the limit cannot be raised: %v", err)
	}
	defer func() {
		if err := unix.Setrlimit(unix.RLIMIT_RTPRIO, &before); err != nil {
			t.Error(err)
		}
	}()
	pinned(t, func() {
		thread.Discard()
		dropCapabilities(t)
		for _, period := range []time.Duration{time.Millisecond, time.Hour} {
			want := fmt.Sprintf("policy 1, priority %d, nice 0", min(most, osthread.FIFOPriority(period)))
			if err := thread.SetRealtime(period, time.Microsecond); err != nil || class(t) != want {
				t.Errorf("with a limit of %d, SetRealtime(%v, …) = %v and makes it %s, want %s", most, period, err, class(t), want)
			}
		}
		if err := thread.SetPriority(thread.Lowest); err != nil || !strings.HasPrefix(class(t), "policy 0,") {
			t.Errorf("SetPriority(Lowest) = %v and makes it %s", err, class(t))
		}
	})
}

// dropCapabilities takes the capabilities away from the calling thread alone.
func dropCapabilities(t *testing.T) {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		t.Errorf("capset: %v", err)
	}
}
