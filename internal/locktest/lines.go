// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"slices"
	"unsafe"
)

// Written calls f and returns the numbers of the 8-byte words of *p that it has changed. No such word is in two
// cache lines.
//
//go:norace
func Written[T any](p *T, f func()) (words []int) {
	now := unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p))
	before := slices.Clone(now)
	f()
	for i := range now {
		if now[i] != before[i] && !slices.Contains(words, i/8) {
			words = append(words, i/8)
		}
	}
	return words
}
