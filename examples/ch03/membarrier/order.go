// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

var plainStore, plainLoad, fence = storeWord, loadWord, fullFence

// storeWord stores v.
func storeWord(word *uint32, v uint32)

// fullFence is MFENCE or DMB ISH.
func fullFence()

// loadWord loads.
func loadWord(word *uint32) uint32
