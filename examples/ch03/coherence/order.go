// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

var (
	store = plainStore
	load2 = loadLoad
)

// plainStore stores v.
func plainStore(word *uint32, v uint32)

// loadLoad loads first, then second.
func loadLoad(first, second *uint32) (f, s uint32)
