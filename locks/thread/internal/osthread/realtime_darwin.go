// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"fmt"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// A Realtime is the state that is needed to take a thread out of the real-time class. The zero value is for a thread
// that SetRealtime has not put into it.
type Realtime struct {
	in   bool
	left bool // the quality of service classes, permanently
}

// Enter gives the calling thread a time constraint policy.
func (r *Realtime) Enter(period, computation time.Duration) error {
	numer, denom := darwin.MachTimebaseInfo()
	p, c, constraint := TimeConstraint(period, computation, numer, denom)
	policy := darwin.ThreadTimeConstraintPolicy{Period: p, Computation: c, Constraint: constraint, Preemptible: 1}
	err := darwin.ThreadPolicySet(port(), darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&policy), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT)
	if err != nil {
		return fmt.Errorf("a time constraint policy: %w", err)
	}
	r.in, r.left = true, true
	return nil
}

// Leave gives the calling thread the policy of ordinary threads. The thread does not return to the quality of service
// classes.
func (r *Realtime) Leave() error {
	if !r.in {
		return nil
	}
	policy := darwin.ThreadExtendedPolicy{Timeshare: 1}
	if err := darwin.ThreadPolicySet(port(), darwin.THREAD_EXTENDED_POLICY, unsafe.Pointer(&policy), darwin.THREAD_EXTENDED_POLICY_COUNT); err != nil {
		return err
	}
	r.in = false
	return nil
}

// importance is what the levels add to the priority of a thread without a class, 31, so that it is that of the level's class: 4, 20, 31, 37 and
// 46. See thread_qos_policy_params in osfmk/kern/thread_policy.c.
var importance = [Levels]int32{-27, -11, 0, 6, 15}

// setPrecedence sets the priority of the calling thread, which has left the quality of service classes.
func setPrecedence(level int) error {
	policy := darwin.ThreadPrecedencePolicy{Importance: importance[level]}
	return darwin.ThreadPolicySet(port(), darwin.THREAD_PRECEDENCE_POLICY, unsafe.Pointer(&policy), darwin.THREAD_PRECEDENCE_POLICY_COUNT)
}

// port returns the Mach port of the calling thread.
func port() uint32 { return darwin.PthreadMachThreadNp(darwin.PthreadSelf()) }
