// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"syscall"

	"github.com/osync-go/osync/sys/windows"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.ERROR_ACCESS_DENIED

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"priority": func() error {
			return windows.SetThreadPriority(windows.CurrentThread, windows.THREAD_PRIORITY_LOWEST)
		},
		"name": func() error {
			name, err := syscall.UTF16PtrFromString("renamed")
			if err != nil {
				return err
			}
			return windows.SetThreadDescription(windows.CurrentThread, name)
		},
	}
}
