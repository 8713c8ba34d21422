// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// limits says what this machine allows.
func limits() []string {
	lines := []string{}
	for _, l := range []struct {
		name     string
		resource int
		unit     string
	}{
		{"RLIMIT_RTPRIO", unix.RLIMIT_RTPRIO, "the highest SCHED_FIFO priority without CAP_SYS_NICE"},
		{"RLIMIT_RTTIME", unix.RLIMIT_RTTIME, "microseconds of a real-time thread without a sleep, then SIGXCPU"},
		{"RLIMIT_NICE", unix.RLIMIT_NICE, "20 minus the lowest nice value without CAP_SYS_NICE"},
		{"RLIMIT_MEMLOCK", unix.RLIMIT_MEMLOCK, "bytes that mlock may lock without CAP_IPC_LOCK"},
	} {
		var r unix.Rlimit
		if err := unix.Getrlimit(l.resource, &r); err != nil {
			lines = append(lines, fmt.Sprintf("%-30s %v", l.name, err))
			continue
		}
		value := fmt.Sprint(r.Cur)
		if r.Cur == unix.RLIM_INFINITY {
			value = "unlimited"
		}
		lines = append(lines, fmt.Sprintf("%-30s %-10s %s", l.name, value, l.unit))
	}
	for _, f := range []struct{ name, about string }{
		{"sched_rt_runtime_us", "of each sched_rt_period_us for real-time threads; -1 is all"},
		{"sched_rt_period_us", "in microseconds"},
	} {
		text, err := os.ReadFile("/proc/sys/kernel/" + f.name)
		if err != nil {
			text = []byte("unknown")
		}
		lines = append(lines, fmt.Sprintf("%-30s %-10s %s", f.name, strings.TrimSpace(string(text)), f.about))
	}
	return lines
}
