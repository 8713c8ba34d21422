// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ways = []way{
	{"store", plainStores},
	{"store, DMB ISHST", storesISHST},
	{"store, DMB ISHLD", storesISHLD},
	{"store, DMB ISH", storesISH},
	{"STLR", releases},
}

// plainStores stores.
func plainStores(word *uint32, n int)

// storesISHST stores, each with a fence for stores.
func storesISHST(word *uint32, n int)

// storesISHLD stores, each with a fence for loads.
func storesISHLD(word *uint32, n int)

// storesISH stores, each with a full fence.
func storesISH(word *uint32, n int)

// releases stores with release order, which for Go's loads is sequentially consistent.
func releases(word *uint32, n int)
