// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// runAlone runs a command. Its children end with it, or with its context.
func runAlone(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Cancel = kill
	err := cmd.Run()
	if cmd.Process != nil {
		kill() // a test that fails may leave processes behind
	}
	return err
}
