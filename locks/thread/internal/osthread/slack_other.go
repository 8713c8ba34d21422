// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package osthread

// Exact is for Linux, where a thread has a timer slack.
func Exact() (slack uintptr) { return 0 }

// Inexact undoes Exact.
func Inexact(uintptr) {}
