// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !amd64 && !arm64

package main

var (
	store func(word *uint32, v uint32)
	load2 func(first, second *uint32) (f, s uint32)
)
