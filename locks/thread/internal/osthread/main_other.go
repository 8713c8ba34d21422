// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package osthread

// Main reports false. It is needed only on Linux, where the main thread represents the process in
// /proc.
func Main() bool { return false }
