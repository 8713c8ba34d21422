// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

func TestWorkgroup(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	wg, err := darwin.WorkgroupParallelCreate("osync")
	if wg == 0 || err != nil {
		t.Fatalf("WorkgroupParallelCreate = %#x, %v", wg, err)
	}
	other, err := darwin.WorkgroupCreateWithWorkgroup("", wg)
	if other == 0 || other == wg || err != nil {
		t.Fatalf("WorkgroupCreateWithWorkgroup = %#x, %v", other, err)
	}
	var token, second darwin.WorkgroupJoinToken
	if err := darwin.WorkgroupJoin(wg, &token); err != nil {
		t.Fatalf("WorkgroupJoin = %v", err)
	}
	for name, wg := range map[string]darwin.Workgroup{"the same": wg, "another": other} {
		if err := darwin.WorkgroupJoin(wg, &second); err != syscall.EALREADY {
			t.Errorf("WorkgroupJoin of %s workgroup = %v, want EALREADY", name, err)
		}
	}
	join := func(wg darwin.Workgroup) error {
		var token darwin.WorkgroupJoinToken
		err := darwin.WorkgroupJoin(wg, &token)
		if err == nil {
			darwin.WorkgroupLeave(wg, &token)
		}
		return err
	}
	if err := elsewhere(join)(wg); err != nil {
		t.Errorf("WorkgroupJoin of another thread = %v", err)
	}
	darwin.WorkgroupLeave(wg, &token)
	if err := join(other); err != nil {
		t.Errorf("WorkgroupJoin of another workgroup = %v", err)
	}
	if n := darwin.WorkgroupMaxParallelThreads(wg); n < 1 || n > 4096 {
		t.Errorf("WorkgroupMaxParallelThreads = %d", n)
	}

	if darwin.WorkgroupTestcancel(wg) {
		t.Error("a new workgroup is canceled")
	}
	darwin.WorkgroupCancel(wg)
	if !darwin.WorkgroupTestcancel(wg) || darwin.WorkgroupTestcancel(other) {
		t.Errorf("WorkgroupTestcancel of a canceled workgroup = %v, of another %v", darwin.WorkgroupTestcancel(wg), darwin.WorkgroupTestcancel(other))
	}
	if err := join(wg); err != syscall.EINVAL {
		t.Errorf("WorkgroupJoin of a canceled workgroup = %v, want EINVAL", err)
	}
	if w, err := darwin.WorkgroupCreateWithWorkgroup("", wg); w != 0 || err != syscall.EINVAL {
		t.Errorf("WorkgroupCreateWithWorkgroup of a canceled one = %#x, %v, want EINVAL", w, err)
	}
	for name, create := range map[string]func(string) (darwin.Workgroup, error){
		"WorkgroupParallelCreate":      darwin.WorkgroupParallelCreate,
		"WorkgroupCreateWithWorkgroup": func(name string) (darwin.Workgroup, error) { return darwin.WorkgroupCreateWithWorkgroup(name, other) },
		"WorkgroupCreateWithPort":      func(name string) (darwin.Workgroup, error) { return darwin.WorkgroupCreateWithPort(name, 0) },
		"AudioWorkIntervalCreate":      func(name string) (darwin.Workgroup, error) { return darwin.AudioWorkIntervalCreate(name, clock) },
	} {
		if w, err := create("a\x00b"); w != 0 || err != syscall.EINVAL {
			t.Errorf("%s with a zero byte in the name = %#x, %v, want EINVAL", name, w, err)
		}
	}
	darwin.Retain(other)
	darwin.Release(other)
	if err := join(other); err != nil {
		t.Errorf("WorkgroupJoin after Retain and Release = %v", err)
	}
	darwin.Release(other)
	darwin.Release(wg)
}

// newInterval makes a workgroup for intervals, and puts the caller on a thread that may be a member of it.
func newInterval(t *testing.T) darwin.Workgroup {
	t.Helper()
	runtime.LockOSThread() // and never unlocked: the policy dies with the thread
	if err := setTimeConstraint(darwin.PthreadMachThreadNp(darwin.PthreadSelf()), 10*time.Millisecond, time.Millisecond, 5*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	wg, err := darwin.AudioWorkIntervalCreate("osync", clock)
	if err == syscall.ENOSYS {
		t.Skip("AudioWorkIntervalCreate: this system has no AudioToolbox")
	}
	if wg == 0 || err != nil {
		t.Fatalf("AudioWorkIntervalCreate = %#x, %v", wg, err)
	}
	return wg
}

// TestWorkgroupIntervalMember joins a workgroup for audio by a thread that is not a real-time one.
func TestWorkgroupIntervalMember(t *testing.T) {
	wg := newInterval(t)
	defer darwin.Release(wg)
	var token darwin.WorkgroupJoinToken
	if err := elsewhere(func(wg darwin.Workgroup) error { return darwin.WorkgroupJoin(wg, &token) })(wg); err != syscall.EINVAL {
		t.Errorf("WorkgroupJoin of a thread that is not a real-time one = %v, want EINVAL", err)
	}
}

// TestWorkgroupInterval provokes no EBUSY, for which two threads would have to meet inside libdispatch.
func TestWorkgroupInterval(t *testing.T) {
	wg := newInterval(t)
	defer darwin.Release(wg)
	var token darwin.WorkgroupJoinToken
	if err := darwin.WorkgroupJoin(wg, &token); err != nil {
		t.Fatalf("WorkgroupJoin = %v", err)
	}
	defer darwin.WorkgroupLeave(wg, &token)
	now := darwin.MachAbsoluteTime()
	later := now + ticks(time.Hour)
	start := func(start, deadline uint64) func() error {
		return func() error { return darwin.WorkgroupIntervalStart(wg, start, deadline) }
	}
	update := func() error { return darwin.WorkgroupIntervalUpdate(wg, later) }
	finish := func() error { return darwin.WorkgroupIntervalFinish(wg) }
	cancel := func() error { darwin.WorkgroupCancel(wg); return nil }
	for i, c := range []struct {
		name string
		call func() error
		want error
	}{
		{"update before the first", update, syscall.EINVAL},
		{"finish before the first", finish, syscall.EINVAL},
		{"start after the deadline", start(now, now-1), syscall.EINVAL},
		{"start in the future", start(later, later+1), syscall.EINVAL},
		{"start", start(now, later), nil},
		{"start again", start(now, later), syscall.EINVAL},
		{"update", update, nil},
		{"finish", finish, nil},
		{"finish again", finish, syscall.EINVAL},
		{"start the next", start(now, later), nil},
		{"cancel", cancel, nil},
		{"update of canceled", update, nil},
		{"finish of canceled", finish, nil},
		{"start of canceled", start(now, later), syscall.EINVAL},
	} {
		if err := c.call(); err != c.want {
			t.Errorf("%d, %s = %v, want %v", i, c.name, err, c.want)
		}
	}
}

// TestWorkgroupResult reads results as libdispatch may return them: only the lower half of the register counts.
func TestWorkgroupResult(t *testing.T) {
	const garbage = 0x5a5a5a5a << 32
	for _, c := range []struct {
		r1    uintptr
		errno syscall.Errno
		want  error
	}{
		{garbage, syscall.EPERM, nil},
		{garbage | uintptr(syscall.EBUSY), syscall.EPERM, syscall.EBUSY},
		{garbage | 0xffffffff, syscall.EPERM, syscall.EPERM},
	} {
		if got := darwin.Member(c.r1, c.errno); got != c.want {
			t.Errorf("result %#x, errno %d is %v, want %v", c.r1, int(c.errno), got, c.want)
		}
	}
	for errno, want := range map[syscall.Errno]syscall.Errno{0: syscall.EINVAL, syscall.ENOTSUP: syscall.ENOTSUP} {
		if wg, err := darwin.NewWorkgroup(0, errno); wg != 0 || err != want {
			t.Errorf("no workgroup, errno %d is %#x, %v, want %v", int(errno), wg, err, want)
		}
	}
}

func TestWorkgroupPort(t *testing.T) {
	parallel, err := darwin.WorkgroupParallelCreate("")
	if err != nil {
		t.Fatal(err)
	}
	defer darwin.Release(parallel)
	if port, err := darwin.WorkgroupCopyPort(parallel); port != 0 || err != syscall.EINVAL {
		t.Errorf("WorkgroupCopyPort of a workgroup without a port = %#x, %v, want EINVAL", port, err)
	}
	for name, port := range map[string]uint32{"0": 0, "a process": darwin.MachTaskSelf()} {
		if w, err := darwin.WorkgroupCreateWithPort("", port); w != 0 || err == nil {
			t.Errorf("WorkgroupCreateWithPort of %s = %#x, %v", name, w, err)
		}
	}
	wg := newInterval(t)
	defer darwin.Release(wg)
	port, err := darwin.WorkgroupCopyPort(wg)
	if port == 0 || err != nil {
		t.Fatalf("WorkgroupCopyPort = %#x, %v", port, err)
	}
	other, err := darwin.WorkgroupCreateWithPort("other", port)
	if other == 0 || err != nil {
		t.Fatalf("WorkgroupCreateWithPort = %#x, %v", other, err)
	}
	defer darwin.Release(other)
	if err := darwin.MachPortDeallocate(darwin.MachTaskSelf(), port); err != nil {
		t.Errorf("MachPortDeallocate = %v", err)
	}
	var token darwin.WorkgroupJoinToken
	if err := darwin.WorkgroupJoin(other, &token); err != nil {
		t.Fatalf("WorkgroupJoin = %v", err)
	}
	darwin.WorkgroupLeave(other, &token)
	darwin.WorkgroupCancel(wg)
	if port, err := darwin.WorkgroupCopyPort(wg); port != 0 || err != syscall.EINVAL {
		t.Errorf("WorkgroupCopyPort of a canceled workgroup = %#x, %v, want EINVAL", port, err)
	}
}

// TestWorkgroupMisuse makes the mistakes that end the process according to the comments, each in a process of its own.
func TestWorkgroupMisuse(t *testing.T) {
	mistakes := map[string]func(wg darwin.Workgroup, token *darwin.WorkgroupJoinToken){
		"leave without join":    func(wg darwin.Workgroup, token *darwin.WorkgroupJoinToken) { darwin.WorkgroupLeave(wg, token) },
		"start by a non-member": func(wg darwin.Workgroup, _ *darwin.WorkgroupJoinToken) { darwin.WorkgroupIntervalStart(wg, 1, 2) },
		"leave with another token": func(wg darwin.Workgroup, token *darwin.WorkgroupJoinToken) {
			darwin.WorkgroupJoin(wg, token)
			darwin.WorkgroupLeave(wg, new(darwin.WorkgroupJoinToken))
		},
		"leave by another thread": func(wg darwin.Workgroup, token *darwin.WorkgroupJoinToken) {
			darwin.WorkgroupJoin(wg, token)
			elsewhere(func(wg darwin.Workgroup) error { darwin.WorkgroupLeave(wg, token); return nil })(wg)
		},
		"release while an interval has started": func(darwin.Workgroup, *darwin.WorkgroupJoinToken) {
			var token darwin.WorkgroupJoinToken
			wg := newInterval(t)
			darwin.WorkgroupJoin(wg, &token)
			now := darwin.MachAbsoluteTime()
			darwin.WorkgroupIntervalStart(wg, now, now+ticks(time.Hour))
			darwin.WorkgroupLeave(wg, &token)
			darwin.Release(wg)
		},
		"release of a semaphore below its value": func(darwin.Workgroup, *darwin.WorkgroupJoinToken) {
			s, _ := darwin.DispatchSemaphoreCreate(1)
			darwin.DispatchSemaphoreWait(s, darwin.DISPATCH_TIME_FOREVER)
			darwin.DispatchRelease(s)
		},
	}
	if mistake, ok := mistakes[os.Getenv("OSYNC_MISUSE")]; ok {
		runtime.LockOSThread()
		wg, err := darwin.WorkgroupParallelCreate("")
		if err != nil {
			t.Fatal(err)
		}
		mistake(wg, new(darwin.WorkgroupJoinToken))
		t.Fatal(survived)
	}
	for name := range mistakes {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWorkgroupMisuse$")
		cmd.Env = append(os.Environ(), "OSYNC_MISUSE="+name)
		if out, err := cmd.CombinedOutput(); err == nil || strings.Contains(string(out), survived) {
			t.Errorf("%s did not end the process: %v\n%s", name, err, out)
		}
	}
}
