// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package main

import (
	"os"
	"syscall"
)

// stop stops a process until it is killed.
func stop(p *os.Process) error { return p.Signal(syscall.SIGSTOP) }
