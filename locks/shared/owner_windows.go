// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"time"

	"golang.org/x/sys/windows"
)

// startTime converts a slot's start to a time.
func startTime(start uint64) time.Time {
	if start == 0 {
		return time.Time{}
	}
	t := windows.Filetime{LowDateTime: uint32(start), HighDateTime: uint32(start >> 32)}
	return time.Unix(0, t.Nanoseconds())
}

// state reports whether a slot's process is in another pid namespace, or stopped. Windows has neither.
func state(pid uint32, start, ns uint64) (foreign, stopped bool) { return false, false }
