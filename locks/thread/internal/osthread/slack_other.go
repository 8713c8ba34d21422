// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package osthread

// Exact does nothing. Only on Linux threads have a timer slack.
func Exact() (slack uintptr) { return 0 }

// Inexact does nothing.
func Inexact(uintptr) {}
