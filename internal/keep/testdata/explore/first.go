// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package keep

import "github.com/osync-go/osync/explore/hook"

// first tells goroutines apart by their numbers, as the addresses of their stacks differ from execution to
// execution. TestClaim covers the real one.
func first() int {
	if hook.Exploring() {
		return hook.Goroutine()
	}
	return 0
}
