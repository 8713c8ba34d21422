// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package native

import "github.com/osync-go/osync/internal/spin"

// A waiter looks spinTries times, spinPauses pauses apart, before it sleeps. Of
// BenchmarkMutexContended with 2 threads and 1 µs of work, a turn takes 1.5 µs so, 2.7 µs
// without, and no less with more.
const (
	spinTries  = 20
	spinPauses = 10
)

// spinUntil returns when done does, or soon after.
func spinUntil(done func() bool) {
	for budget := spin.NewBudget(spinTries, spinPauses); !budget.Spent() && !done(); {
		budget.Spend()
	}
}
