// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package osthread

// Main is for Linux, where the main thread stands for the process in /proc.
func Main() bool { return false }
