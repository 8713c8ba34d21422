// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

var acquire, release, store, load = acquireFence, releaseFence, plainStore, plainLoad

// acquireFence lets nothing after it be done before a load before it.
func acquireFence()

// releaseFence lets no store after it be seen before what is before it.
func releaseFence()

// plainStore stores v.
func plainStore(word *uint32, v uint32)

// plainLoad loads.
func plainLoad(word *uint32) uint32
