// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !amd64 && !arm64

package main

const acquireName, releaseName = "", ""

var (
	acquire, release func()
	store            func(word *uint32, v uint32)
	load             func(word *uint32) uint32
)
