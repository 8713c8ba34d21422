// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

// plain and fenced store 1 and load, with nothing and with a full fence between.
var plain, fenced = storeThenLoad, storeFenceLoad

// storeThenLoad stores 1 in one word, and then loads the other.
func storeThenLoad(store, load *uint32) uint32

// storeFenceLoad is storeThenLoad with a full fence between the two.
func storeFenceLoad(store, load *uint32) uint32
