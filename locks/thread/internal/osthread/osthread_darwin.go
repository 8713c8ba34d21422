// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = 63

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	buf := make([]byte, MaxName+1)
	copy(buf[:MaxName], name)
	return darwin.PthreadSetnameNp(buf)
}

// classes are the quality of service classes of the levels.
var classes = [Levels]uint32{
	darwin.QOS_CLASS_BACKGROUND,
	darwin.QOS_CLASS_UTILITY,
	darwin.QOS_CLASS_DEFAULT,
	darwin.QOS_CLASS_USER_INITIATED,
	darwin.QOS_CLASS_USER_INTERACTIVE,
}

// SetPriority sets the class of the calling thread, or its precedence if it has been a real-time thread.
func SetPriority(level int, r *Realtime) error {
	if r.left {
		return setPrecedence(level)
	}
	return darwin.PthreadSetQosClassSelfNp(classes[level], 0)
}

// SetAffinity is not available on macOS.
func SetAffinity([]int) error { return unsupported("binding of threads to CPUs") }

// Affinity is not available on macOS.
func Affinity() ([]int, error) { return nil, unsupported("binding of threads to CPUs") }

// A State is the system's description of a thread.
type State struct {
	name     [MaxName + 1]byte
	class    uint32
	relative int32
	realtime darwin.ThreadTimeConstraintPolicy
}

// Self returns the state of the calling thread. Fields that the system does not report are zero, such
// as the class of a thread with a policy of its own.
func Self() (s State) {
	self := darwin.PthreadSelf()
	_ = darwin.PthreadGetnameNp(self, s.name[:])
	s.class, s.relative, _ = darwin.PthreadGetQosClassNp(self)
	_, _, _ = darwin.ThreadPolicyGet(port(), darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&s.realtime), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT, false)
	return s
}

// Yield lets another thread run.
func Yield() { _ = darwin.SchedYield() }
