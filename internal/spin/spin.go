// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package spin implements busy waiting: [Pause] is the instruction, a [Budget] limits the spin of a
// waiter that will sleep, and a [Backoff] paces one that never does.
package spin

import (
	"runtime"

	"github.com/osync-go/osync/internal/procs"
)

// Worthwhile reports whether a goroutine on another processor can change a word while the caller
// spins. With one processor a spin only delays it.
func Worthwhile() bool { return procs.Count() > 1 && runtime.NumCPU() > 1 }

// A Budget is the number of times that a waiter may still check a word before it sleeps.
//
//	for budget := spin.NewBudget(tries, pauses); !ready(); budget.Spend() {
//		if budget.Spent() {
//			return false
//		}
//	}
type Budget struct{ tries, pauses uint32 }

// NewBudget returns a Budget of the given number of tries, with some pauses between them. It is
// empty if spinning is not worthwhile.
func NewBudget(tries, pauses uint32) Budget {
	if !Worthwhile() {
		return Budget{}
	}
	return Budget{tries, pauses}
}

// Spent reports whether no try is left: it is time to sleep.
func (b *Budget) Spent() bool { return b.tries == 0 }

// Spend pauses until the next try. There must be one left.
func (b *Budget) Spend() {
	b.tries--
	Pause(b.pauses)
}
