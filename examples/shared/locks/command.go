// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin

package main

import "github.com/shirou/gopsutil/v4/process"

// commandLine returns the command line of a process, or nothing if that is not known.
func commandLine(pid int) []string {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return nil
	}
	args, _ := p.CmdlineSlice()
	return args
}
