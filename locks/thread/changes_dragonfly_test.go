// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"syscall"

	"github.com/osync-go/osync/sys/dragonfly"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"idle": func() error {
			return dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: dragonfly.RTP_PRIO_IDLE})
		},
		"name": func() error { return dragonfly.LwpSetname(dragonfly.LwpGettid(), []byte("renamed\x00")) },
		"affinity": func() error {
			var set dragonfly.Cpumask
			if err := dragonfly.LwpGetaffinity(0, dragonfly.LwpGettid(), &set); err != nil {
				return err
			}
			if set[0]&(set[0]-1) == 0 {
				return syscall.ENOTSUP // there is nothing to choose
			}
			set[0] &= set[0] - 1
			return dragonfly.LwpSetaffinity(0, dragonfly.LwpGettid(), &set)
		},
	}
}
