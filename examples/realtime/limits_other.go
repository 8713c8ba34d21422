// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

// limits says what this machine allows: only Linux is asked.
func limits() []string { return nil }
