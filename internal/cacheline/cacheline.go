// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package cacheline keeps words apart that different processors write. A processor that reads a word has
// to fetch its cache line again after another processor has written any word of that line.
package cacheline

import "unsafe"

// Size is the distance between two words that must not share a cache line. Lines are 64 bytes long, but
// fetched in pairs by many processors, or 128.
const Size = 128

// A Pad keeps words apart. A package variable needs one before and one behind its words: the linker puts
// variables of the same size side by side, whatever package they are of.
//
//	var shared struct {
//		_     cacheline.Pad
//		count atomic.Int32
//		_     cacheline.Pad
//	}
type Pad [Size]byte

// OfCaller returns a hash that tells goroutines apart, for a choice among slots with lines of their own. Its
// upper bits are the good ones. It is a hash of the address of the two kilobytes of the stack that are in
// use. Other ways to tell goroutines, or processors, apart cost more: OfCaller takes a seventh of the time
// of Get and Put of a sync.Pool.
func OfCaller() uint64 {
	var here byte
	page := uint64(uintptr(unsafe.Pointer(&here)) >> 11) // a number, which is not turned back into a pointer
	return page * 0x9E3779B97F4A7C15
}
