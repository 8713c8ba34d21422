// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"syscall"

	"github.com/osync-go/osync/sys/darwin"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"class": func() error { return darwin.PthreadSetQosClassSelfNp(darwin.QOS_CLASS_UTILITY, 0) },
		"name":  func() error { return darwin.PthreadSetnameNp([]byte("renamed\x00")) },
	}
}
