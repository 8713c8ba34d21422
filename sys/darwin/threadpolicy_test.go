// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"errors"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// setTimeConstraint gives a thread a real-time policy with the times given.
func setTimeConstraint(port uint32, period, computation, constraint time.Duration) error {
	p := darwin.ThreadTimeConstraintPolicy{
		Period: uint32(ticks(period)), Computation: uint32(ticks(computation)), Constraint: uint32(ticks(constraint)), Preemptible: 1,
	}
	return darwin.ThreadPolicySet(port, darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&p), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT)
}

// timeConstraint reads the real-time policy of a thread.
func timeConstraint(t *testing.T, port uint32) (p darwin.ThreadTimeConstraintPolicy, isDefault bool) {
	t.Helper()
	n, isDefault, err := darwin.ThreadPolicyGet(port, darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&p), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT, false)
	if n != darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT || err != nil {
		t.Errorf("ThreadPolicyGet of time constraint = %d words, %v", n, err)
	}
	return p, isDefault
}

func TestThreadTimeConstraintPolicy(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the policy dies with the thread
	port := darwin.PthreadMachThreadNp(darwin.PthreadSelf())
	if p, isDefault := timeConstraint(t, port); !isDefault {
		t.Errorf("a new thread has the policy %+v", p)
	}
	if err := darwin.PthreadSetQosClassSelfNp(darwin.QOS_CLASS_UTILITY, 0); err != nil {
		t.Errorf("PthreadSetQosClassSelfNp before = %v", err)
	}

	if err := setTimeConstraint(port, 10*time.Millisecond, 2*time.Millisecond, 3*time.Millisecond); err != nil {
		t.Fatalf("ThreadPolicySet of time constraint = %v", err)
	}
	want := darwin.ThreadTimeConstraintPolicy{
		Period: uint32(ticks(10 * time.Millisecond)), Computation: uint32(ticks(2 * time.Millisecond)), Constraint: uint32(ticks(3 * time.Millisecond)), Preemptible: 1,
	}
	if p, isDefault := timeConstraint(t, port); isDefault || p != want {
		t.Errorf("the policy is %+v, default %v, want %+v", p, isDefault, want)
	}
	var p darwin.ThreadTimeConstraintPolicy
	if _, isDefault, err := darwin.ThreadPolicyGet(port, darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&p), 4, true); !isDefault || err != nil || p == want {
		t.Errorf("the default policy is %+v, default %v, %v", p, isDefault, err)
	}
	if err := darwin.PthreadSetQosClassSelfNp(darwin.QOS_CLASS_UTILITY, 0); err != syscall.EPERM {
		t.Errorf("PthreadSetQosClassSelfNp of a thread with a policy = %v, want EPERM", err)
	}

	// The kernel raises a computation to half of the constraint, and that to no more than 50 ms.
	for constraint, want := range map[time.Duration]time.Duration{20 * time.Millisecond: 10 * time.Millisecond, 300 * time.Millisecond: 50 * time.Millisecond} {
		if err := setTimeConstraint(port, 0, time.Millisecond, constraint); err != nil {
			t.Errorf("a constraint of %v: %v", constraint, err)
		}
		p, _ := timeConstraint(t, port)
		if diff := int64(p.Computation) - int64(ticks(want)); diff < -2 || diff > 2 {
			t.Errorf("with a constraint of %v a computation of 1 ms becomes %d ticks, want %d", constraint, p.Computation, ticks(want))
		}
	}

	extended := darwin.ThreadExtendedPolicy{Timeshare: 1}
	if err := darwin.ThreadPolicySet(port, darwin.THREAD_EXTENDED_POLICY, unsafe.Pointer(&extended), darwin.THREAD_EXTENDED_POLICY_COUNT); err != nil {
		t.Errorf("ThreadPolicySet of time sharing = %v", err)
	}
	if p, isDefault := timeConstraint(t, port); !isDefault {
		t.Errorf("a thread that shares time has the policy %+v", p)
	}
}

func TestThreadPolicies(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the policies die with the thread
	port := darwin.MachThreadSelf()
	defer darwin.MachPortDeallocate(darwin.MachTaskSelf(), port)
	extended, precedence, affinity := new(darwin.ThreadExtendedPolicy), new(darwin.ThreadPrecedencePolicy), new(darwin.ThreadAffinityPolicy)
	for _, c := range []struct {
		name                string
		flavor              int32
		info                unsafe.Pointer
		word                *int32
		count               uint32
		value, defaultValue int32
	}{
		{"extended", darwin.THREAD_EXTENDED_POLICY, unsafe.Pointer(extended), &extended.Timeshare, darwin.THREAD_EXTENDED_POLICY_COUNT, 0, 1},
		{"precedence", darwin.THREAD_PRECEDENCE_POLICY, unsafe.Pointer(precedence), &precedence.Importance, darwin.THREAD_PRECEDENCE_POLICY_COUNT, -7, 0},
		{"affinity", darwin.THREAD_AFFINITY_POLICY, unsafe.Pointer(affinity), &affinity.AffinityTag, darwin.THREAD_AFFINITY_POLICY_COUNT, 3, darwin.THREAD_AFFINITY_TAG_NULL},
	} {
		*c.word = c.value
		err := darwin.ThreadPolicySet(port, c.flavor, c.info, c.count)
		if c.flavor == darwin.THREAD_AFFINITY_POLICY && runtime.GOARCH == "arm64" {
			if err != darwin.KERN_NOT_SUPPORTED || !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("%s: ThreadPolicySet = %v, want KERN_NOT_SUPPORTED", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: ThreadPolicySet = %v", c.name, err)
		}
		*c.word = 99
		if n, isDefault, err := darwin.ThreadPolicyGet(port, c.flavor, c.info, c.count, false); n != c.count || isDefault || err != nil || *c.word != c.value {
			t.Errorf("%s: ThreadPolicyGet = %d, %d words, default %v, %v, want %d", c.name, *c.word, n, isDefault, err, c.value)
		}
		if n, isDefault, err := darwin.ThreadPolicyGet(port, c.flavor, c.info, c.count, true); n != c.count || !isDefault || err != nil || *c.word != c.defaultValue {
			t.Errorf("%s: ThreadPolicyGet of the default = %d, %d words, default %v, %v, want %d", c.name, *c.word, n, isDefault, err, c.defaultValue)
		}
	}
}

// TestThreadPolicyErrors provokes all errors except KERN_TERMINATED, for which a thread would have to end during the call, and
// KERN_INVALID_POLICY, which requires a workgroup that only Apple's programs can make.
func TestThreadPolicyErrors(t *testing.T) {
	runtime.LockOSThread() // and never unlocked, though no call here should change a policy
	port := darwin.PthreadMachThreadNp(darwin.PthreadSelf())
	ms := uint32(ticks(time.Millisecond))
	info := unsafe.Pointer(&darwin.ThreadTimeConstraintPolicy{Computation: ms, Constraint: ms}) // only the rest is wrong
	for _, c := range []struct {
		name   string
		thread uint32
		flavor int32
		count  uint32
		want   error
	}{
		{"flavor", port, 77, 4, darwin.KERN_INVALID_ARGUMENT},
		{"count", port, darwin.THREAD_TIME_CONSTRAINT_POLICY, 3, darwin.KERN_INVALID_ARGUMENT},
		{"no thread", darwin.MachTaskSelf(), darwin.THREAD_TIME_CONSTRAINT_POLICY, 4, darwin.KERN_INVALID_ARGUMENT},
		{"no port", 0xfffffff3, darwin.THREAD_TIME_CONSTRAINT_POLICY, 4, darwin.MACH_SEND_INVALID_DEST},
	} {
		if err := darwin.ThreadPolicySet(c.thread, c.flavor, info, c.count); err != c.want {
			t.Errorf("%s: ThreadPolicySet = %v, want %v", c.name, err, c.want)
		}
		if _, _, err := darwin.ThreadPolicyGet(c.thread, c.flavor, info, c.count, false); err != c.want {
			t.Errorf("%s: ThreadPolicyGet = %v, want %v", c.name, err, c.want)
		}
	}
	for _, c := range []struct{ computation, constraint time.Duration }{
		{40 * time.Microsecond, time.Millisecond},
		{60 * time.Millisecond, 100 * time.Millisecond},
		{2 * time.Millisecond, time.Millisecond},
	} {
		if err := setTimeConstraint(port, 0, c.computation, c.constraint); err != darwin.KERN_INVALID_ARGUMENT {
			t.Errorf("a computation of %v in %v: %v, want KERN_INVALID_ARGUMENT", c.computation, c.constraint, err)
		}
	}
}
