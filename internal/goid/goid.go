// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package goid identifies goroutines, and the threads that they are locked to.
//
// A thread's id is reused soon after the thread has ended, and so is the address of the runtime's record of it. The
// number of a goroutine, as shown in a stack dump, is never reused. While a goroutine is locked to its thread, its
// number identifies both.
package goid

import (
	"math/bits"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
)

// self returns the address of the runtime's record of the calling goroutine, and the eight bytes at offset in it. The
// assembler has a name for that address on each processor.
func self(offset uintptr) (record uintptr, id uint64)

// number holds the state that every call of Self reads.
var number struct {
	_      cacheline.Pad
	offset atomic.Uintptr // the place of the number in the record, or one of these
	_      cacheline.Pad
}

const (
	unknown = 0 // not looked for yet; the number is not at the start of the record
	nowhere = 1 // not found, or not to be looked for: the number is read from a stack dump
)

// Self returns the number of the calling goroutine, which no other goroutine has or will have, and the address of its
// record, which a later goroutine may reuse when this one has ended.
//
// It takes a few nanoseconds, or a few microseconds where it reads the number from a stack dump.
func Self() (record uintptr, id uint64) {
	if offset := number.offset.Load(); offset > nowhere {
		return self(offset)
	}
	return selfSlow()
}

//go:noinline
func selfSlow() (record uintptr, id uint64) {
	if number.offset.Load() == unknown {
		search()
		return Self()
	}
	record, _ = self(0)
	return record, dumped()
}

var search = sync.OnceFunc(find)

// places has a bit for each word of a record that may hold the number. It is atomic, and not a local
// variable of find, since a caller may have disabled the race detector.
var places atomic.Uint64

// find sets number.offset. The offset differs between releases of Go, so find searches for it: several goroutines, one
// after the other, compare each word of their records with their stack dumps, and one offset must be right for all of
// them.
func find() {
	if !readable {
		number.offset.Store(nowhere)
		return
	}
	places.Store(1<<searchWords - 1)
	for range searchGoroutines {
		done := make(chan struct{})
		go func() {
			defer close(done)
			id := dumped()
			for i := range searchWords {
				if _, word := self(uintptr(i) * wordBytes); word != id {
					places.And(^(uint64(1) << i))
				}
			}
		}()
		<-done
	}
	place := uintptr(nowhere)
	if bits.OnesCount64(places.Load()) == 1 {
		place = uintptr(bits.TrailingZeros64(places.Load())) * wordBytes
	}
	number.offset.Store(place)
}

const (
	wordBytes        = bits.UintSize / 8
	searchWords      = 40 // less than the record has, on 32-bit systems, too
	searchGoroutines = 8
)

var buffers = sync.Pool{New: func() any { return new([64]byte) }}

// dumped reads the number of the calling goroutine from its stack dump, which begins with it:
// "goroutine 18 [running]:".
func dumped() uint64 {
	const before = len("goroutine ")
	buf := buffers.Get().(*[64]byte)
	defer buffers.Put(buf)
	end := before
	for n := runtime.Stack(buf[:], false); end < n && buf[end] != ' '; {
		end++
	}
	id, err := strconv.ParseUint(string(buf[before:end]), 10, 64)
	if err != nil {
		panic("goid: a stack dump does not begin with the goroutine's number: " + string(buf[:]))
	}
	return id
}
