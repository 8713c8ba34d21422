// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package osthread

import "runtime"

// MaxName is the longest name of a thread, in bytes.
const MaxName = 0

// SetName has no binding here.
func SetName(string) error { return unsupported("names of threads that osync knows of") }

// SetPriority has no binding here.
func SetPriority(int, *Realtime) error {
	return unsupported("priorities of threads that osync knows of")
}

// SetAffinity has no binding here.
func SetAffinity([]int) error { return unsupported("binding of threads to CPUs that osync knows of") }

// Affinity has no binding here.
func Affinity() ([]int, error) {
	return nil, unsupported("binding of threads to CPUs that osync knows of")
}

// A State is empty here.
type State struct{}

// Self returns the state of the calling thread.
func Self() State { return State{} }

// Yield lets another goroutine run.
func Yield() { runtime.Gosched() }
