// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// stop is the state of a process that is stopped: SSTOP.
const stop = 4

// startTime converts a slot's start to a time.
func startTime(start uint64) time.Time {
	if start == 0 || start > math.MaxInt64 {
		return time.Time{}
	}
	return time.UnixMicro(int64(start))
}

// state reports whether a slot's process is in another pid namespace, which macOS does not have, and whether it is
// stopped.
func state(pid uint32, start, ns uint64) (foreign, stopped bool) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", int(pid))
	if err != nil {
		return false, false
	}
	t := info.Proc.P_starttime
	return false, uint64(t.Sec)*1e6+uint64(t.Usec) == start && info.Proc.P_stat == stop
}
