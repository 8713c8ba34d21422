// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"class": func() error { return darwin.PthreadSetQosClassSelfNp(darwin.QOS_CLASS_UTILITY, 0) },
		"real-time": func() error {
			policy := darwin.ThreadTimeConstraintPolicy{Computation: 1e5, Constraint: 1e6}
			return setPolicy(darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&policy), darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT)
		},
		"name": func() error { return darwin.PthreadSetnameNp([]byte("renamed\x00")) },
	}
}

// setPolicy gives the calling thread a policy.
func setPolicy(flavor int32, info unsafe.Pointer, count uint32) error {
	return darwin.ThreadPolicySet(darwin.PthreadMachThreadNp(darwin.PthreadSelf()), flavor, info, count)
}
