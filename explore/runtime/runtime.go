// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package runtime stands in for those functions of Go's package runtime that explored code must not call
// itself. Programs never import it: the explore command puts it in their place while it builds a test.
//
// An explored goroutine is no goroutine of its own, so locking it to its thread does nothing, and the number of
// processors is that of the exploration. Elsewhere the functions are those of Go's package runtime.
package runtime

import (
	"runtime"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Gosched lets other goroutines go first.
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

// UnlockOSThread undoes one LockOSThread. It does nothing in an exploration.
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

// NumCPU returns how many processors there are.
func NumCPU() int {
	if t := engine.Self(); t != nil {
		return t.Procs()
	}
	return runtime.NumCPU()
}

// GOMAXPROCS returns how many threads run goroutines at the same time, and sets the number if n is
// positive. In an exploration the number stays as it is.
func GOMAXPROCS(n int) int {
	if t := engine.Self(); t != nil {
		return t.Procs()
	}
	return runtime.GOMAXPROCS(n)
}
