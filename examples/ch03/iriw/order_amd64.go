// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// On amd64 every load is an acquire, so there is one variant.
var variants = []variant{{"plain stores and loads", storeOne, loadLoad, true}}

// storeOne stores 1.
func storeOne(word *uint32)

// loadLoad loads first, then second.
func loadLoad(first, second *uint32) (f, s uint32)
