// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package bubble tells the bubbles of testing/synctest apart, and says what the build tag osync_synctest does.
package bubble

import (
	"bytes"
	"runtime"
	"strconv"

	"github.com/osync-go/osync/internal/mono"
)

// Unknown is the ID of a bubble whose number a stack dump does not show.
const Unknown = ^uint64(0)

// ID returns the number of the caller's bubble, which no other one has had or will get, or 0 outside of
// bubbles. There it takes some ten nanoseconds, in a bubble some microseconds.
//
// The runtime shows the number in stack dumps, and nowhere else: "goroutine 8 [running, synctest bubble 3]:".
func ID() uint64 {
	if _, in := mono.NowIn(); !in {
		return 0
	}
	var buf [256]byte // the first line takes 120 at most
	return parse(buf[:runtime.Stack(buf[:], false)])
}

// parse returns the number in a stack dump.
func parse(dump []byte) uint64 {
	line, _, _ := bytes.Cut(dump, []byte("\n"))
	_, after, _ := bytes.Cut(line, []byte(", synctest bubble "))
	digits := 0
	for digits < len(after) && '0' <= after[digits] && after[digits] <= '9' {
		digits++
	}
	id, err := strconv.ParseUint(string(after[:digits]), 10, 64)
	if err != nil {
		return Unknown
	}
	return id
}
