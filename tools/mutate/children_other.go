// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !unix

package main

import "os/exec"

// withChildren does nothing: on this system the command alone is killed.
func withChildren(*exec.Cmd) {}
