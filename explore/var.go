// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import "github.com/osync-go/osync/explore/hook"

// A Var is a plain variable whose accesses are checked for data races: the test fails if two goroutines access it, at
// least one of them writes, and nothing orders the two accesses. Use it for the data that a lock protects. Under plain
// go test it is a variable like any other, and the race detector checks it.
//
// The zero value holds the zero value of T. A Var must not be copied while goroutines use it.
type Var[T any] struct{ v T }

// Load returns the value of v.
func (v *Var[T]) Load() T { return *hook.R(&v.v) }

// Store sets the value of v.
func (v *Var[T]) Store(x T) { *hook.W(&v.v) = x }
