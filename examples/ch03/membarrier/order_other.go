// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !amd64 && !arm64

package main

var (
	plainStore func(word *uint32, v uint32)
	plainLoad  func(word *uint32) uint32
	fence      func()
)
