// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package ops is what the snippets of the operators' tests use.
package ops

import (
	_ "os"
	_ "runtime"
	"sync/atomic"
)

const (
	flagA = 1 << iota
	flagB
	flagC
)

const (
	tokenGranted = iota
	tokenRetry
	tokenFree
)

type waiter struct{ next *waiter }

func (w *waiter) Wake() {}

type waiters struct{ n int }

func One(*waiter) waiters { return waiters{1} }

type queue struct{ head *waiter }

func (q queue) Push(*waiter)      {}
func (q queue) PushFront(*waiter) {}
func (q queue) Pop() *waiter      { return nil }
func (q queue) Front() *waiter    { return nil }
func (q queue) PopAll() waiters   { return waiters{} }

type lock struct {
	word   atomic.Uint32
	head   atomic.Pointer[waiter]
	plain  uint32
	q      queue
	n      int
	closed bool
}

func (l *lock) slow() bool { return false }
