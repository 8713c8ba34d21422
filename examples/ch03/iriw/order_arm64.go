// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var variants = []variant{
	{"plain stores and loads", storeOne, loadLoad, false},
	{"loads by LDAR", storeOne, acquireAcquire, true},
}

// storeOne stores 1.
func storeOne(word *uint32)

// loadLoad loads first, then second.
func loadLoad(first, second *uint32) (f, s uint32)

// acquireAcquire is loadLoad with acquire order.
func acquireAcquire(first, second *uint32) (f, s uint32)
