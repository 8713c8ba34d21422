// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build 386 || amd64 || arm64

package spin

// Pause executes the processor's hint for spin loops n times (PAUSE, YIELD). It tells
// the core to leave its resources to the sibling thread; one takes 10 to 140 cycles.
//
//go:noescape
func Pause(n uint32)
