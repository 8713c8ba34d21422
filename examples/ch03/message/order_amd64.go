// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// On amd64 every store is a release and every load an acquire, so there is one variant.
var variants = []variant{{"plain stores and loads", storeStore, loadLoad, true}}

// storeStore stores 1 in first, then in second.
func storeStore(first, second *uint32)

// loadLoad loads first, then second.
func loadLoad(first, second *uint32) (f, s uint32)
