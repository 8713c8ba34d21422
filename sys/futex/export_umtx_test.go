// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || dragonfly || linux

package futex

// UmtxEnd is umtxEnd, and UmtxSleepEnd is umtxSleepEnd.
var (
	UmtxEnd      = umtxEnd
	UmtxSleepEnd = umtxSleepEnd
)
