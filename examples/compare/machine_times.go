// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin

package main

import "github.com/shirou/gopsutil/v4/cpu"

// readMachine returns the present reading. ok is false where the system does not tell.
func readMachine() (r reading, ok bool) {
	all, err := cpu.Times(false)
	if err != nil || len(all) == 0 {
		return r, false
	}
	t := all[0]
	// What the host of a virtual machine has taken (Steal) is not there for us either.
	return reading{
		busy: t.User + t.System + t.Nice + t.Irq + t.Softirq + t.Steal,
		idle: t.Idle + t.Iowait,
	}, true
}

// model returns the name of the processor, or "" if it is not known.
func model() string {
	all, err := cpu.Info()
	if err != nil || len(all) == 0 {
		return ""
	}
	return all[0].ModelName
}
