// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"runtime"
	"syscall"
	"testing"
)

func TestDispatchSemaphore(t *testing.T) {
	const timedOut, forever, wallNow = 49, ^uintptr(0), ^uintptr(1)
	if s, _ := call("dispatch_semaphore_create", ^uintptr(0)); s != 0 { // -1
		t.Error("a semaphore of a negative value")
	}
	s, _ := call("dispatch_semaphore_create", 1)
	result := func(want uintptr, name string, args ...uintptr) {
		t.Helper()
		if r, _ := call(name, args...); r != want {
			t.Errorf("%s: result %d, want %d", name, r, want)
		}
	}
	result(0, "dispatch_semaphore_wait", s, forever)
	result(timedOut, "dispatch_semaphore_wait", s, 0)
	for _, when := range []uintptr{0, wallNow} {
		takesBriefly(t, "dispatch_semaphore_wait", func() {
			end, _ := call("dispatch_time", when, uintptr(briefly))
			result(timedOut, "dispatch_semaphore_wait", s, end)
		})
		past, _ := call("dispatch_time", when, ^uintptr(0))
		result(timedOut, "dispatch_semaphore_wait", s, past)
	}
	result(forever, "dispatch_time", 0, 1<<63-1)
	result(forever, "dispatch_time", forever, 1)
	result(0, "dispatch_semaphore_signal", s)
	result(0, "dispatch_semaphore_wait", s, forever)
	done := make(chan bool)
	for range 3 {
		go func() {
			result(0, "dispatch_semaphore_wait", s, forever)
			done <- true
		}()
	}
	for range 3 {
		call("dispatch_semaphore_signal", s)
		<-done
	}
	call("dispatch_semaphore_signal", s)
	call("dispatch_release", s)
}

func TestWorkgroup(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the policy dies with the thread
	w, _ := call("os_workgroup_parallel_create", 0, 0)
	_, token := allocate([5]uint64{})
	ok(t, "os_workgroup_join", w, token)
	is(t, syscall.EALREADY, "os_workgroup_join", w, token)
	call("os_workgroup_leave", w, token)
	_, port := allocate(uint32(0))
	is(t, syscall.EINVAL, "os_workgroup_copy_port", w, port)
	call("os_workgroup_cancel", w)
	is(t, syscall.EINVAL, "os_workgroup_join", w, token)
	if r, _ := call("os_workgroup_create_with_workgroup", 0, w); r != 0 {
		t.Error("a workgroup of a canceled one")
	}
	call("os_release", w)

	if symbol("AudioWorkIntervalCreate") != 0 {
		t.Error("AudioWorkIntervalCreate is there without its framework")
	}
	path := append([]byte("/System/Library/Frameworks/AudioToolbox.framework/AudioToolbox"), 0)
	_, pathAddress := allocate([64]byte(append(path, 0)))
	_, nameAddress := allocate([24]byte([]byte("AudioWorkIntervalCreate\x00")))
	library, _ := call("dlopen", pathAddress, 1)
	create, _ := call("dlsym", library, nameAddress)
	const machAbsoluteTime = 32
	w, _, _ = syscall6(create, 0, machAbsoluteTime, 0, 0, 0, 0)
	is(t, syscall.EINVAL, "os_workgroup_join", w, token) // not a real-time thread
	thread, _ := call("mach_thread_self")
	_, policy := allocate([4]uint32{0, uint32(inTicks(briefly)), uint32(inTicks(briefly)), 1})
	const timeConstraint = 2
	mach(t, 0, "thread_policy_set", thread, timeConstraint, policy, 4)
	now, _ := call("mach_absolute_time")
	ok(t, "os_workgroup_join", w, token)
	is(t, syscall.EINVAL, "os_workgroup_interval_start", w, now, now-1, 0)
	is(t, syscall.EINVAL, "os_workgroup_interval_finish", w, 0)
	ok(t, "os_workgroup_interval_start", w, now, now+inTicks(briefly), 0)
	ok(t, "os_workgroup_interval_update", w, now+inTicks(briefly), 0)
	ok(t, "os_workgroup_interval_finish", w, 0)
	call("os_workgroup_leave", w, token)
	ok(t, "os_workgroup_copy_port", w, port)
	call("os_release", w)
}
