// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import "github.com/osync-go/osync/sys/linux"

// Exact makes the timed sleeps of the calling thread end as close to their deadlines as the kernel's timers allow, and
// returns the slack for Inexact. An ordinary thread's sleeps end up to 50 µs late, its timer slack, so that the kernel
// can serve several timers at once. Before Linux 6.12, so did the futex waits of real-time threads.
func Exact() (slack uintptr) {
	slack, err := linux.PrctlGetTimerslack()
	if err != nil || slack <= 1 || linux.PrctlSetTimerslack(1) != nil {
		return 0 // there is nothing to undo
	}
	return slack
}

// Inexact undoes Exact.
func Inexact(slack uintptr) {
	if slack != 0 {
		_ = linux.PrctlSetTimerslack(slack) // cannot fail, since the call in Exact did not
	}
}
