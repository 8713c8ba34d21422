// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !386 && !arm && !mips && !mipsle

package linux_test

import (
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestClockGettimeMissing has a filter deny the clock.
func TestClockGettimeMissing(t *testing.T) {
	skipFilters(t)
	for _, errno := range []syscall.Errno{syscall.ENOSYS, syscall.EPERM} {
		onDyingThread(t, func() {
			if !deny(t, unix.SYS_CLOCK_GETTIME, errno) {
				return
			}
			var now linux.Timespec
			want(t, "clock", linux.ClockGettime(unix.CLOCK_MONOTONIC, &now), errno)
		})
	}
}
