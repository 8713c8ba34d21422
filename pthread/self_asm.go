// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (linux && (386 || amd64 || arm64)) || (freebsd && (amd64 || arm64))

package pthread

// self returns a number that no other living thread has: the address of the thread's own
// block, which these ABIs keep in a register. It asks nobody, so that it costs nothing.
func self() uintptr
