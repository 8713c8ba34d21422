// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package park

// The checks that cost time are enabled by the build tag osync_debug; see debug_on.go.

type queueDebug struct{}

type waiterDebug struct{}

const debugging = false

func (Queue) mustHoldNone()        {}
func (q Queue) noteLocked() Queue  { return q }
func (Queue) noteUnlock()          {}
func (Queue) mustBeOpen()          {}
func (Queue) noteTaken(*Waiter)    {}
func (Queue) mustMatch(*Waiter)    {}
func (*bucket) noteLent()          {}
func (*bucket) noteReturned()      {}
func (*Waiter) noteOwner()         {}
func (*Waiter) mustBeOwner(string) {}
func (*Waiter) mustBeReleased()    {}
