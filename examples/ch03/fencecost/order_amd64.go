// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ways = []way{
	{"store", plainStores},
	{"store, SFENCE", storesSFENCE},
	{"store, LFENCE", storesLFENCE},
	{"store, MFENCE", storesMFENCE},
	{"store, LOCK ADD", storesLOCK},
	{"XCHG", exchanges},
}

// plainStores stores.
func plainStores(word *uint32, n int)

// storesSFENCE stores, each with a fence for stores.
func storesSFENCE(word *uint32, n int)

// storesLFENCE stores, each with a fence for loads, which waits for the instructions before it.
func storesLFENCE(word *uint32, n int)

// storesMFENCE stores, each with a full fence.
func storesMFENCE(word *uint32, n int)

// storesLOCK stores, each with an addition of 0 to the stack that is as good as a full fence.
func storesLOCK(word *uint32, n int)

// exchanges stores by exchange, which is a store and a full fence.
func exchanges(word *uint32, n int)
