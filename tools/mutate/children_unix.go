// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// withChildren makes the end of the command's context kill its children, too.
func withChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
