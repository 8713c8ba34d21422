// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"syscall"

	"github.com/osync-go/osync/sys/netbsd"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"name":     func() error { return netbsd.LwpSetname(0, []byte("renamed\x00")) },
		"affinity": func() error { return netbsd.SchedSetaffinity(0, netbsd.LwpSelf(), []uint32{1}) },
	}
}
