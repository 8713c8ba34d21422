// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os/exec"
	"strconv"
	"strings"
)

// commandLine returns the command line of a process, or nothing if that is not known. The library that other systems have for it
// calls Mach when the program begins.
func commandLine(pid int) []string {
	text, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}
