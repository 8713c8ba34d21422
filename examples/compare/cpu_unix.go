// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package main

import (
	"syscall"
	"time"
)

// ownTime returns the processor time that this process has taken, without its children.
func ownTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
