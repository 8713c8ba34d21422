// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"runtime"
	"testing"
	"unsafe"
)

const (
	kernInvalidArgument = 4
	kernAborted         = 14
	kernInvalidName     = 15
	kernInvalidValue    = 18
	kernTerminated      = 37
	kernNotWaiting      = 48
	kernTimedOut        = 49
	invalidDest         = 0x10000003
	invalidRight        = 0x1000000a
)

// mach calls a function of Mach, again for as long as signals end it, and checks its result.
func mach(t *testing.T, want int32, name string, args ...uintptr) {
	t.Helper()
	r, _ := call(name, args...)
	for ; int32(r) == kernAborted && want != kernAborted; r, _ = call(name, args...) {
	}
	if int32(r) != want {
		t.Errorf("%s: result %#x, want %#x", name, int32(r), want)
	}
}

// task returns the port of the process.
func task() uintptr {
	variable := symbol("mach_task_self_")
	return uintptr(**(**uint32)(unsafe.Pointer(&variable)))
}

func TestWaitUntil(t *testing.T) {
	takesBriefly(t, "mach_wait_until", func() {
		now, _ := call("mach_absolute_time")
		mach(t, 0, "mach_wait_until", now+inTicks(briefly))
	})
	mach(t, 0, "mach_wait_until", 1)
	absolute, _ := call("mach_absolute_time")
	if continuous, _ := call("mach_continuous_time"); continuous < absolute {
		t.Errorf("without sleep %d, with sleep %d ticks", absolute, continuous)
	}
}

func TestPolicies(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the policy dies with the thread
	const extended, timeConstraint, precedence = 1, 2, 3
	thread, _ := call("mach_thread_self")
	defer mach(t, 0, "mach_port_deallocate", task(), thread)
	ms := inTicks(briefly) / 20
	_, policy := allocate([4]uint32{uint32(10 * ms), uint32(2 * ms), uint32(3 * ms), 1})
	mach(t, 0, "thread_policy_set", thread, timeConstraint, policy, 4)
	mach(t, kernInvalidArgument, "thread_policy_set", thread, timeConstraint, policy, 3)
	mach(t, kernInvalidArgument, "thread_policy_set", thread, 77, policy, 4)
	mach(t, kernInvalidArgument, "thread_policy_set", task(), timeConstraint, policy, 4)
	mach(t, invalidDest, "thread_policy_set", 0, timeConstraint, policy, 4)
	got, address := allocate([4]uint32{})
	_, count := allocate(uint32(4))
	isDefault, ask := allocate(uint32(0))
	mach(t, 0, "thread_policy_get", thread, timeConstraint, address, count, ask)
	if *isDefault != 0 || got[1] != uint32(2*ms) || got[3] != 1 {
		t.Errorf("the policy is %d, default %d", *got, *isDefault)
	}
	is(t, 1, "pthread_set_qos_class_self_np", 0x15, 0)
	mach(t, 0, "thread_policy_set", thread, extended, ask, 1) // a fixed priority
	mach(t, 0, "thread_policy_get", thread, timeConstraint, address, count, ask)
	if *isDefault != 1 {
		t.Errorf("the policy is %d, default %d", *got, *isDefault)
	}
	_, wrong := allocate([4]uint32{0, uint32(3 * ms), uint32(2 * ms), 1})
	mach(t, kernInvalidArgument, "thread_policy_set", thread, timeConstraint, wrong, 4)
	mach(t, 0, "thread_policy_set", thread, precedence, wrong, 1)
}

func TestMachSemaphore(t *testing.T) {
	port, address := allocate(uint32(0))
	mach(t, kernInvalidArgument, "semaphore_create", task(), address, 0, ^uintptr(0)) // -1
	mach(t, 0, "semaphore_create", task(), address, 0, 1)
	s := uintptr(*port)
	mach(t, 0, "semaphore_wait", s)
	mach(t, kernTimedOut, "semaphore_timedwait", s, 0)
	takesBriefly(t, "semaphore_timedwait", func() {
		mach(t, kernTimedOut, "semaphore_timedwait", s, uintptr(briefly)<<32)
	})
	mach(t, kernInvalidValue, "semaphore_timedwait", s, 1000000000<<32)
	mach(t, kernNotWaiting, "semaphore_signal_thread", s, 0)
	mach(t, kernInvalidArgument, "semaphore_signal_thread", s, 0xfffffff3)
	mach(t, 0, "semaphore_signal_all", s) // keeps no signal
	mach(t, kernTimedOut, "semaphore_timedwait", s, 0)
	mach(t, 0, "semaphore_signal", s)
	mach(t, 0, "semaphore_wait_signal", s, s)
	mach(t, 0, "semaphore_timedwait_signal", s, s, 1)
	mach(t, kernInvalidName, "semaphore_wait", 0xfffffff3)

	done := make(chan bool)
	for range 2 {
		go func() {
			mach(t, 0, "semaphore_wait", s)
			done <- true
		}()
	}
	<-done // one signal was kept
	mach(t, 0, "semaphore_signal", s)
	<-done

	mach(t, 0, "semaphore_create", task(), address, 0, 0)
	waits := uintptr(*port)
	go func() { // signals waits once it is a waiter of s
		r, _ := call("semaphore_wait_signal", s, waits)
		if r := int32(r); r != kernTerminated && r != kernAborted {
			t.Errorf("semaphore_wait_signal: result %#x, want %#x", r, kernTerminated)
		}
		done <- true
	}()
	mach(t, 0, "semaphore_wait", waits)
	mach(t, 0, "semaphore_destroy", task(), s)
	<-done
	mach(t, kernInvalidName, "semaphore_signal", s)
	mach(t, invalidRight, "semaphore_destroy", task(), s)
	mach(t, 0, "mach_port_deallocate", task(), waits)
}
