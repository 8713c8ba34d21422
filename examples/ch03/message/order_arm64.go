// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var variants = []variant{
	{"plain stores and loads", storeStore, loadLoad, false},
	{"flag by STLR and LDAR", storeRelease, acquireLoad, true},
	{"DMB ISHST and DMB ISHLD", storeFenceStore, loadFenceLoad, true},
}

// storeStore stores 1 in first, then in second.
func storeStore(first, second *uint32)

// loadLoad loads first, then second.
func loadLoad(first, second *uint32) (f, s uint32)

// storeRelease is storeStore, the second with release order.
func storeRelease(first, second *uint32)

// acquireLoad is loadLoad, the first with acquire order.
func acquireLoad(first, second *uint32) (f, s uint32)

// storeFenceStore is storeStore with a fence for stores between.
func storeFenceStore(first, second *uint32)

// loadFenceLoad is loadLoad with a fence for loads between.
func loadFenceLoad(first, second *uint32) (f, s uint32)
