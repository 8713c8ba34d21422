// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !unix

package main

import "os/exec"

// runAlone runs a command. On this system its children may outlive it.
func runAlone(cmd *exec.Cmd) error { return cmd.Run() }
