// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !amd64 && !arm64

package main

const fence = ""

var plain, fenced func(store, load *uint32) uint32
