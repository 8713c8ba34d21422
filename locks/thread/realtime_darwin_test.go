// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/thread/internal/osthread"
	"github.com/osync-go/osync/sys/darwin"
)

// ordinary is the class of a thread without a time constraint policy.
const ordinary = "ordinary"

// class returns the time constraint policy of the calling thread.
func class(t *testing.T) string {
	t.Helper()
	var p darwin.ThreadTimeConstraintPolicy
	_, isDefault, err := darwin.ThreadPolicyGet(darwin.PthreadMachThreadNp(darwin.PthreadSelf()),
		darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&p), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT, false)
	if err != nil {
		t.Error(err)
	}
	if isDefault {
		return ordinary
	}
	return fmt.Sprintf("period %d, computation %d, constraint %d", p.Period, p.Computation, p.Constraint)
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
	constrained := func(period, computation time.Duration) string {
		numer, denom := darwin.MachTimebaseInfo()
		p, c, constraint := osthread.TimeConstraint(period, computation, numer, denom)
		return fmt.Sprintf("period %d, computation %d, constraint %d", p, c, constraint)
	}
	pinned(t, func() {
		for _, period := range []time.Duration{10 * time.Millisecond, time.Millisecond} {
			if !realtime(t, period, period/2) {
				return
			}
			if got, want := class(t), constrained(period, period/2); got != want {
				t.Errorf("with a period of %v: %s, want %s", period, got, want)
			}
		}
		for priority, want := range map[thread.Priority]int32{thread.Low: -11, thread.Highest: 15, thread.Normal: 0} {
			if err := thread.SetPriority(priority); err != nil || class(t) != ordinary {
				t.Errorf("SetPriority(%d) = %v and makes it %s", priority, err, class(t))
			}
			var p darwin.ThreadPrecedencePolicy
			_, _, err := darwin.ThreadPolicyGet(darwin.PthreadMachThreadNp(darwin.PthreadSelf()),
				darwin.THREAD_PRECEDENCE_POLICY, unsafe.Pointer(&p), darwin.THREAD_PRECEDENCE_POLICY_COUNT, false)
			if err != nil || p.Importance != want {
				t.Errorf("SetPriority(%d) makes its importance %d, %v, want %d", priority, p.Importance, err, want)
			}
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		thread.Pin()
		ok := realtime(t, time.Millisecond, time.Millisecond)
		thread.Unpin()
		if got := class(t); ok && got != ordinary {
			t.Errorf("after Unpin: %s, want %s", got, ordinary)
		}
	}()
	<-done
}
