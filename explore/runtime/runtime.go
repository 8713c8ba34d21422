// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package runtime replaces those functions of Go's package runtime that explored code must not call itself. Programs
// never import it: the explore command substitutes it when it builds a test.
//
// An explored goroutine is not a goroutine of the runtime, so locking it to its thread does nothing. The number of
// processors is that of the exploration. Elsewhere the functions are those of Go's package runtime.
package runtime

import (
	"runtime"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Gosched yields to other goroutines.
func Gosched() {
	if t := engine.Self(); t != nil {
		t.Yield("Gosched")
		return
	}
	runtime.Gosched()
}

// LockOSThread locks the calling goroutine to its thread. It does nothing in an exploration.
func LockOSThread() {
	if engine.Self() == nil {
		runtime.LockOSThread()
	}
}

// UnlockOSThread undoes a single LockOSThread call. It does nothing in an exploration.
func UnlockOSThread() {
	if engine.Self() == nil {
		runtime.UnlockOSThread()
	}
}

// Goexit ends the calling goroutine after its deferred calls.
func Goexit() {
	if t := engine.Self(); t != nil {
		t.Goexit()
	}
	runtime.Goexit()
}

// NumCPU returns the number of processors.
func NumCPU() int {
	if t := engine.Self(); t != nil {
		return t.Procs()
	}
	return runtime.NumCPU()
}

// GOMAXPROCS returns how many threads can run goroutines at the same time, and sets that number if n is positive. In an
// exploration it does not change the number.
func GOMAXPROCS(n int) int {
	if t := engine.Self(); t != nil {
		return t.Procs()
	}
	return runtime.GOMAXPROCS(n)
}
