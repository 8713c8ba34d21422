// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

var plainStore, plainLoad = storeWord, loadWord

// storeWord stores v.
func storeWord(word *uint32, v uint32)

// loadWord loads.
func loadWord(word *uint32) uint32
