// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// self identifies this process.
var self = sync.OnceValue(func() (p struct{ start, ns uint64 }) {
	_, p.start = stat("self")
	if info, err := os.Stat("/proc/self/ns/pid"); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			p.ns = st.Ino
		}
	}
	return p
})

// stat returns the state of a process and its start time, in ticks since the system's start, or zeros.
func stat(pid string) (state byte, start uint64) {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, 0
	}
	// The second field is in parentheses, and may hold any character.
	if fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]); len(fields) > 19 {
		start, _ = strconv.ParseUint(string(fields[19]), 10, 64)
		return fields[0][0], start
	}
	return 0, 0
}

// ticks is the number of ticks per second in which the kernel reports times, on all architectures of Go: USER_HZ.
const ticks = 100

// startTime converts a slot's start to a time.
func startTime(start uint64) time.Time {
	var up unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &up) != nil || start == 0 || start > math.MaxInt64/uint64(time.Second) {
		return time.Time{}
	}
	return time.Now().Add(time.Duration(start)*(time.Second/ticks) - time.Duration(up.Nano())).Round(time.Second / ticks)
}

// state reports whether a slot's process is in another pid namespace, and whether it is stopped.
func state(pid uint32, start, ns uint64) (foreign, stopped bool) {
	if ns != self().ns {
		return true, false
	}
	s, began := stat(fmt.Sprint(pid))
	return false, began == start && (s == 'T' || s == 't')
}
