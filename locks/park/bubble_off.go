// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_synctest

package park

import "sync/atomic"

// The code for the build tag osync_synctest is in bubble_on.go.

type waiterBubble struct{}

const closedBubbles = false

func (*Waiter) enterBubble()            {}
func (*Waiter) inBubble() bool          { return false }
func (*Waiter) noteWord(*atomic.Uint32) {}
func (*Waiter) leaveBubble()            {}
func (*Waiter) mustBeReachable()        {}
func (*Waiters) cutOff() *Waiter        { return nil }
